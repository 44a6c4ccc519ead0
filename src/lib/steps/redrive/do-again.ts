import type { Counts } from '../../domain/ledger.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { revisionOf } from '../tasks.ts';

/** Whether an order to do again what failed waits, and there is something for it. What has changed since the plan needs a new one instead. */
export const hasToDoAgain = ({ redrive }: RequestRecord, counts: Counts): boolean =>
  redrive !== undefined && counts.refused + counts.gaps > 0 && counts.drift === 0;

/**
 * Takes up an order that came while the request was running, once everything has come to an end: what is left makes up the next revision of the
 * same plan, which is approved already. Before that nothing is disturbed: a slice that was given up and is opened again may be in nobody's round.
 */
export function doAgain(deps: Dependencies, seen: RequestRecord): Promise<unknown> {
  const revision = revisionOf(seen) + 1;
  return take(deps, seen, ({ redrive, plan }) => ({
    plan: { revision, hash: plan?.hash ?? '' },
    ...(redrive && { again: { ...redrive, revision } }),
  }));
}

/** The same for an inventory that could not be read to its end: it is taken anew. */
export const planAnew = (deps: Dependencies, seen: RequestRecord): Promise<unknown> =>
  take(deps, seen, () => ({ plan: { revision: revisionOf(seen) + 1, hash: '' } }));

function take(
  deps: Dependencies,
  seen: RequestRecord,
  patchOf: (record: RequestRecord) => Partial<RequestRecord>,
): Promise<unknown> {
  const at = deps.clock.now();
  return deps.records.change(seen.requestId, (record) => {
    const isAsSeen = record.run.n === seen.run.n && record.state === seen.state && !record.run.ended;
    if (!record.redrive || !isAsSeen || revisionOf(record) !== revisionOf(seen)) return undefined;
    const reason = `${record.redrive.actor} wants what failed to be done again.`;
    const patch = { ...patchOf(record), redrive: undefined };
    return note(record, 'redriven', { at, actor: SYSTEM, reason, patch });
  });
}
