import { addDays } from '../../domain/clock.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { holdsOn } from '../holds.ts';
import { hasTime, type SweepDependencies, type SweepOrder, safely, type Tally } from './sweep.ts';

/** One look takes all ids that the index has: what is dealt with leaves it, and would shift later pages. */
const PAGE = 5000;

export interface Ended {
  readonly sweep: string;
  readonly kept: 'results' | 'subject';
  /** Younger ones aren't even read. */
  readonly days: number;
  readonly isDue: (record: RequestRecord) => boolean;
}

/**
 * Does something once for each request that ended long enough ago. The index lags behind: each record is read again, and says itself whether
 * it is due.
 */
export async function forEachEnded(
  deps: SweepDependencies,
  at: { order: SweepOrder; ended: Ended; tally: Tally<'seen' | 'failed'> },
  work: (record: RequestRecord) => Promise<void>,
): Promise<void> {
  const { sweep, kept, days, isDue } = at.ended;
  const time = addDays(deps.clock.now(), -days);
  const { requestIds, continuation } = await deps.records.list({ endedBy: { time, kept }, limit: PAGE });
  for (const requestId of requestIds) {
    if (!hasTime(deps, at.order)) {
      at.tally.more = true;
      return;
    }
    await safely(deps, { sweep, requestId, tally: at.tally }, async () => {
      const record = await deps.records.read(requestId);
      if (!record || !isDue(record)) return;
      // What a hold lies on is kept, whatever its age.
      if ((await holdsOn(deps, record)).length > 0) return;
      at.tally.counts.seen += 1;
      at.tally.name(requestId);
      await work(record);
    });
  }
  if (continuation !== undefined) at.tally.more = true;
}
