import type { RequestRecord } from '../domain/request.ts';
import type { Dependencies } from './dependencies.ts';
import { REQUESTS_QUEUE } from './queue-names.ts';

type WaitingFor = NonNullable<RequestRecord['waitingFor']>;

/**
 * One destructive request a target at a time; exports already begun finish first. Targets are entered in order of their names, so that
 * two requests never wait for each other. What is entered stays entered while the rest is waited for.
 */
export async function enterTargets(deps: Dependencies, record: RequestRecord): Promise<WaitingFor | undefined> {
  const { requestId } = record;
  for (const target of [...record.targets].sort()) {
    const entered =
      record.submission.action === 'export'
        ? await deps.exclusion.enterExport(target, requestId)
        : await deps.exclusion.enterDelete(target, requestId);
    if (entered.kind === 'blocked') {
      return { target, request: entered.by, since: record.waitingFor?.since ?? deps.clock.now().toISOString() };
    }
  }
  return undefined;
}

/** Leaves all targets and pokes those who wait there. A poke that gets lost is repeated by the watchdog. */
export async function leaveTargets(deps: Dependencies, record: RequestRecord): Promise<void> {
  for (const target of record.targets) {
    for (const requestId of await deps.exclusion.leave(target, record.requestId)) {
      await deps.queues.send(REQUESTS_QUEUE, { v: 1, requestId });
    }
  }
}
