import { addDays } from '../../domain/clock.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { holdsOn } from '../holds.ts';
import { hasTime, type SweepDependencies, type SweepOrder, safely, type Tally } from './sweep.ts';

/** As large as the index's own: then a continuation is a place in the index, and what is dealt with and leaves it shifts no later page. */
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
  for await (const requestId of endedIds(deps, { time, kept })) {
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
}

/** Page after page: what is held, or fails, stays in the index and must not keep later ones out of sight. */
async function* endedIds(
  { records }: SweepDependencies,
  endedBy: { readonly time: Date; readonly kept: Ended['kept'] },
): AsyncGenerator<RequestId> {
  let continuation: string | undefined;
  do {
    const page = await records.list({ endedBy, limit: PAGE, ...(continuation !== undefined && { continuation }) });
    yield* page.requestIds;
    continuation = page.continuation;
  } while (continuation !== undefined);
}
