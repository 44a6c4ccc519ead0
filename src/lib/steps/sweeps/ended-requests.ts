import { addDays } from '../../domain/clock.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { EndedSweep, SweepPosition } from '../../store/sweep-positions.ts';
import { holdsOn } from '../holds.ts';
import { hasTime, type SweepDependencies, type SweepOrder, safely, type Tally } from './sweep.ts';

/** As large as the index's own: then a continuation is a place in the index, and what is dealt with and leaves it shifts no later page. */
const PAGE = 5000;

export interface Ended {
  readonly sweep: EndedSweep;
  readonly kept: 'results' | 'subject';
  /** Younger ones aren't even read. */
  readonly days: number;
  readonly isDue: (record: RequestRecord) => boolean;
}

/** What becomes of a request in the index: one that is dealt with leaves it, and one that is unfinished comes first the next time. */
export type Fate = 'left' | 'unfinished' | 'stays';

/**
 * Does something once for each request that ended long enough ago. The index lags behind: each record is read again, and says itself whether
 * it is due. Where the time is up the next tick goes on, also behind those that stay; one that comes to the end begins anew.
 */
export async function forEachEnded(
  deps: SweepDependencies,
  at: { order: SweepOrder; ended: Ended; tally: Tally<'seen' | 'failed'> },
  work: (record: RequestRecord) => Promise<Fate>,
): Promise<void> {
  const { sweep, kept, days } = at.ended;
  const endedBy = { time: addDays(deps.clock.now(), -days), kept };
  const positions = deps.positions[sweep];
  let { continuation, stayed }: SweepPosition = (at.order.dryRun ? undefined : await positions.take()) ?? { stayed: 0 };
  do {
    const from = continuation === undefined ? {} : { continuation };
    const page = await deps.records.list({ endedBy, limit: PAGE, ...from });
    for (const requestId of page.requestIds.slice(stayed)) {
      if (!hasTime(deps, at.order)) {
        at.tally.more = true;
        if (!at.order.dryRun) await positions.keep({ ...from, stayed });
        return;
      }
      if ((await lookAt(deps, requestId, { ...at, work })) === 'stays') stayed += 1;
    }
    continuation = page.continuation;
    stayed = 0;
  } while (continuation !== undefined);
}

async function lookAt(
  deps: SweepDependencies,
  requestId: RequestId,
  at: { ended: Ended; tally: Tally<'seen' | 'failed'>; work: (record: RequestRecord) => Promise<Fate> },
): Promise<Fate> {
  const { ended, tally } = at;
  let fate: Fate = 'stays';
  await safely(deps, { sweep: ended.sweep, requestId, tally }, async () => {
    const record = await deps.records.read(requestId);
    if (!record || !ended.isDue(record)) return;
    // What a hold lies on is kept, whatever its age.
    if ((await holdsOn(deps, record)).length > 0) return;
    tally.counts.seen += 1;
    tally.name(requestId);
    fate = await at.work(record);
  });
  return fate;
}
