import { addDays } from '../../domain/clock.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { resultsAreDue } from '../../domain/retention.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import { forEachEnded } from './ended-requests.ts';
import { removing } from './removing.ts';
import { type SweepDependencies, sweepOf } from './sweep.ts';
import { totalsOf } from './totals.ts';

/**
 * Removes package, contents and task results of requests that ended long ago. Record, plan, receipt and journal stay: the record tells the
 * sums, and when the last copy is gone. May be repeated and may end anywhere: first the record says that the removal has begun, last that it is done.
 * A hold that is set meanwhile stops it before the next page.
 */
export const sweepResults = sweepOf(
  { seen: 0, finished: 0, blobs: 0, bytes: 0, failed: 0 },
  async (deps, order, tally) => {
    const { exportResults, deleteResults } = deps.periods;
    const isDue = (record: RequestRecord): boolean => resultsAreDue(record, deps.periods, deps.clock.now());
    const ended = { sweep: 'results', kept: 'results', days: Math.min(exportResults, deleteResults), isDue } as const;
    await forEachEnded(deps, { order, ended, tally }, async (record) => {
      const begun = order.dryRun ? record : await begin(deps, record, isDue);
      if (!begun) return 'stays';
      const removed = await deps.files.removeResults(record.requestId, removing(deps, order, record));
      tally.counts.blobs += removed.blobs;
      tally.counts.bytes += removed.bytes;
      if (removed.more) tally.more = true;
      if (removed.more) return 'unfinished';
      if (removed.kept) return 'stays';
      tally.counts.finished += 1;
      if (!order.dryRun) await conclude(deps, record.requestId);
      return order.dryRun ? 'stays' : 'left';
    });
  },
);

/** From here on nothing of it is handed out any more. Undefined when the request is no longer due. */
async function begin(
  deps: SweepDependencies,
  seen: RequestRecord,
  isDue: (record: RequestRecord) => boolean,
): Promise<RequestRecord | undefined> {
  if (seen.results) return seen;
  const totals = await totalsOf(deps, seen);
  const at = deps.clock.now();
  const result = await deps.records.change(seen.requestId, (record) => {
    if (!isDue(record) || record.results) return undefined;
    const reason = 'The time to keep package, contents and results is over.';
    const patch = { results: { since: at.toISOString(), totals } };
    return note(record, 'results-removal-begun', { at, actor: SYSTEM, reason, patch });
  });
  return result.kind !== 'missing' && result.record.results ? result.record : undefined;
}

async function conclude(deps: SweepDependencies, requestId: RequestId): Promise<void> {
  const at = deps.clock.now();
  const goneBy = await lastCopiesGoneBy(deps, requestId);
  await deps.records.change(requestId, (record) => {
    if (!record.results || record.results.removedAt !== undefined) return undefined;
    const results = { ...record.results, removedAt: at.toISOString(), ...(goneBy !== undefined && { goneBy }) };
    return note(record, 'results-removed', { at, actor: SYSTEM, reason: sentenceOf(goneBy), patch: { results } });
  });
}

/** When storage will have let go of what is removed now; undefined where it keeps versions or doesn't say. */
export async function lastCopiesGoneBy(deps: SweepDependencies, requestId: RequestId): Promise<string | undefined> {
  const days = await deps.files.keptDays(requestId);
  return days === undefined ? undefined : addDays(deps.clock.now(), days).toISOString();
}

export const sentenceOf = (goneBy: string | undefined): string =>
  goneBy === undefined
    ? 'How long storage keeps copies of what was removed is up to its own settings.'
    : `The last copies in storage are gone by ${goneBy}.`;
