import { addDays } from '../../domain/clock.ts';
import { hasTime, sweepOf } from './sweep.ts';

/** Before this no app of this kind ran; the durable client wants a beginning. */
const BEGINNING = new Date('2020-01-01T00:00:00.000Z');
/** Older instances are taken together: an installation that is swept has few of them. */
const WINDOWS = 60;

/**
 * Purges the histories of orchestrations that started long ago and have ended, one day's at a time, the oldest first. Nothing depends on
 * them: the record decides what happens to a request.
 */
export const sweepHistory = sweepOf({ windows: 0, instances: 0 }, async (deps, order, tally) => {
  const end = addDays(deps.clock.now(), -deps.periods.history);
  for (let ago = WINDOWS; ago >= 0; ago -= 1) {
    if (!hasTime(deps, order)) {
      tally.more = true;
      return;
    }
    const window = { from: ago === WINDOWS ? BEGINNING : addDays(end, -ago - 1), to: addDays(end, -ago) };
    tally.counts.windows += 1;
    tally.counts.instances += await (order.dryRun ? deps.history.count(window) : deps.history.purge(window));
  }
});
