import { secondsBetween } from '../domain/clock.ts';
import { requestIdSchema } from '../domain/ids.ts';
import { ACTIVE_STATES, isActive, isEnded, type State } from '../domain/lifecycle.ts';
import type { RequestRecord } from '../domain/request.ts';
import { move, note, SYSTEM } from '../plan/moves.ts';
import type { Dependencies } from './dependencies.ts';
import { leaveTargets } from './exclusion.ts';
import { holdBack } from './holds.ts';
import { keepDue } from './keep-due.ts';
import { endRun } from './moves.ts';
import { REQUESTS_QUEUE } from './queue-names.ts';
import { type Instances, startRun } from './start-run.ts';

/** What one look at all open requests led to; counts only. */
export interface Watched {
  seen: number;
  started: number;
  expired: number;
  /** Due dates that came near or passed. */
  warned: number;
}

const PAGE = 100;
/** A record that was touched more recently than this is somebody's work in progress. */
const QUIET_SECONDS = 60;

/**
 * Repeats lost messages, finds records without a live run and starts the next, ends waits for a decision whose time is over. Never
 * disturbs a wait for a person or a run that is alive. Stops at `until` and goes on at the next tick.
 */
export async function watch(deps: Dependencies, instances: Instances, until: Date): Promise<Watched> {
  const watched: Watched = { seen: 0, started: 0, expired: 0, warned: 0 };
  for (const state of [...ACTIVE_STATES, 'awaiting-decision' as const]) {
    let continuation: string | undefined;
    do {
      if (deps.clock.now() >= until) return watched;
      const page = await deps.records.list({
        state,
        limit: PAGE,
        ...(continuation === undefined ? {} : { continuation }),
      });
      for (const requestId of page.requestIds) {
        const record = await deps.records.read(requestId);
        if (record) await look(deps, { record, instances, watched, state });
      }
      continuation = page.continuation;
    } while (continuation !== undefined);
  }
  return watched;
}

async function look(
  deps: Dependencies,
  at: { record: RequestRecord; instances: Instances; watched: Watched; state: State },
): Promise<void> {
  const { record, watched } = at;
  watched.seen += 1;
  if (await keepDue(deps, record)) watched.warned += 1;
  const now = deps.clock.now();
  if (record.state === 'awaiting-decision') {
    if ((await holdBack(deps, record)) || record.held)
      return void (await startRun(deps, record.requestId, at.instances));
    if (
      record.decisionDeadline !== undefined &&
      now.toISOString() >= record.decisionDeadline &&
      (await expire(deps, record, now))
    ) {
      watched.expired += 1;
    }
    return;
  }
  if (await waitsForAnother(deps, record)) return;
  const lastSign = record.run.claimedAt ?? record.stateSince;
  if (
    secondsBetween(new Date(lastSign), now) < QUIET_SECONDS &&
    secondsBetween(new Date(record.stateSince), now) < QUIET_SECONDS
  )
    return;
  const started = await startRun(deps, record.requestId, at.instances);
  if (started === 'started') watched.started += 1;
  if (started === 'held') await giveBackTargets(deps, record);
}

/** The request before it on the target pokes it when it leaves; until that has ended there is nothing to start. */
async function waitsForAnother(deps: Dependencies, { run, waitingFor }: RequestRecord): Promise<boolean> {
  if (!run.ended || waitingFor === undefined) return false;
  const other = requestIdSchema.safeParse(waitingFor.request);
  const before = other.success ? await deps.records.read(other.data) : undefined;
  return before !== undefined && !isEnded(before.state) && before.state !== 'sealing';
}

/** Nobody decided in time. If an earlier revision has changed something upstream, that is accounted for first. */
async function expire(deps: Dependencies, seen: RequestRecord, at: Date): Promise<boolean> {
  const reason = 'Nobody decided before the deadline.';
  const result = await deps.records.change(seen.requestId, (record) => {
    if (record.state !== 'awaiting-decision' || record.plan?.hash !== seen.plan?.hash) return undefined;
    return record.touchedUpstream
      ? move(record, 'finish', {
          at,
          actor: SYSTEM,
          reason,
          patch: { outcome: { event: 'complete-partially', reason } },
        })
      : move(record, 'expire', { at, actor: SYSTEM, reason });
  });
  if (result.kind === 'changed' && result.record.state === 'sealing') {
    await deps.queues.send(REQUESTS_QUEUE, { v: 1, requestId: seen.requestId });
  }
  return result.kind === 'changed';
}

/** While a request is held others may work on its targets: once no slice of it can be at work any more. */
async function giveBackTargets(deps: Dependencies, { requestId, held }: RequestRecord): Promise<void> {
  if (!held || held.left || secondsBetween(new Date(held.since), deps.clock.now()) < deps.limits.resendSeconds) return;
  const result = await deps.records.change(requestId, (record) =>
    record.held?.since === held.since && !record.held.left
      ? note(record, 'targets-left', {
          at: deps.clock.now(),
          actor: SYSTEM,
          reason: 'It is held: others may work on its targets meanwhile.',
          patch: { held: { ...record.held, left: true } },
        })
      : undefined,
  );
  if (result.kind !== 'changed') return;
  await leaveTargets(deps, result.record);
  // Released in this very moment, its run may have entered what was just left: the next run enters again.
  const after = await deps.records.read(requestId);
  if (!after || after.held || !isActive(after.state)) return;
  await endRun(deps, after, { reason: 'It was released while its targets were given back.' });
  await deps.queues.send(REQUESTS_QUEUE, { v: 1, requestId });
}
