import { addDays } from '../../domain/clock.ts';
import { hasTime, type Sweeping, type SweepOrder, type Swept } from './sweep.ts';

/** Before this no app of this kind ran; the durable client wants a beginning. */
const BEGINNING = new Date('2020-01-01T00:00:00.000Z');
/** Older instances are taken together: an installation that is swept has few of them. */
const WINDOWS = 60;

/**
 * Purges the histories of orchestrations that started long ago and have ended, one day's at a time, the oldest first. Nothing depends on
 * them: the record decides what happens to a request.
 */
export async function sweepHistory(deps: Sweeping, order: SweepOrder): Promise<Swept> {
  const counts = { windows: 0, instances: 0 };
  const end = addDays(deps.clock.now(), -deps.periods.history);
  for (let ago = WINDOWS; ago >= 0; ago -= 1) {
    if (!hasTime(deps, order)) return { counts, requests: [], more: true };
    const window = { from: ago === WINDOWS ? BEGINNING : addDays(end, -ago - 1), to: addDays(end, -ago) };
    counts.windows += 1;
    counts.instances += await (order.dryRun ? deps.history.count(window) : deps.history.purge(window));
  }
  return { counts, requests: [], more: false };
}
