import type { LifecycleEvent } from '../domain/lifecycle.ts';
import type { RequestRecord } from '../domain/request.ts';
import { type MoveFacts, move, note, SYSTEM } from '../plan/moves.ts';
import type { Outcome } from '../plan/outcome.ts';
import type { Dependencies } from './dependencies.ts';
import { AGAIN, type Step } from './step.ts';

/**
 * Moves the record if it is still in the state and run that was seen, and nobody has cancelled it since; whoever was faster has decided otherwise,
 * which is looked at again. Whether it moved.
 */
export async function moveFrom(
  deps: Dependencies,
  seen: RequestRecord,
  to: Pick<MoveFacts, 'reason' | 'patch'> & { readonly event: LifecycleEvent },
): Promise<boolean> {
  const at = deps.clock.now();
  const { event, ...facts } = to;
  const { kind } = await deps.records.change(seen.requestId, (record) =>
    record.state === seen.state && record.run.n === seen.run.n && record.cancel?.at === seen.cancel?.at
      ? move(record, event, { at, actor: SYSTEM, ...facts })
      : undefined,
  );
  return kind === 'changed';
}

export async function begin(deps: Dependencies, record: RequestRecord): Promise<Step> {
  await moveFrom(deps, record, {
    event: 'begin',
    reason: 'A run took it up.',
    patch: { plan: { revision: 1, hash: '' } },
  });
  return AGAIN;
}

/** Nothing more will be done upstream: the account of it is made. */
export async function finishWith(deps: Dependencies, record: RequestRecord, outcome: Outcome): Promise<Step> {
  await moveFrom(deps, record, { event: 'finish', reason: outcome.reason, patch: { outcome } });
  return AGAIN;
}

/** Ends the run without a move: something else has to happen first, and whoever does it starts the next run. */
export async function endRun(
  deps: Dependencies,
  seen: RequestRecord,
  facts: Pick<MoveFacts, 'reason' | 'patch'>,
): Promise<void> {
  const at = deps.clock.now();
  await deps.records.change(seen.requestId, (record) =>
    record.run.n === seen.run.n && record.state === seen.state && !record.run.ended
      ? note(record, 'run-ended', {
          at,
          actor: SYSTEM,
          reason: facts.reason,
          patch: { ...facts.patch, run: { ...record.run, ended: true } },
        })
      : undefined,
  );
}
