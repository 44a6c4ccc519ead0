import { addDays } from '../../domain/clock.ts';
import { hasTime, sweepOf, type Window } from './sweep.ts';

/** Before this no app of this kind ran; the durable client wants a beginning. */
const BEGINNING = new Date('2020-01-01T00:00:00.000Z');
/** Last days that are taken one by one; what is older is taken by months, since an installation that is swept has nothing there. */
const DAYS = 60;
const MONTH_DAYS = 30;

/**
 * Purges the histories of orchestrations that started long ago and have ended, the oldest first, in windows that each hold a bounded stretch of time: a tick
 * whose time is up leaves whole windows to the next one. Nothing depends on them: the record decides what happens to a request.
 */
export const sweepHistory = sweepOf({ windows: 0, instances: 0 }, async (deps, order, tally) => {
  for (const window of windowsBefore(addDays(deps.clock.now(), -deps.periods.history))) {
    if (!hasTime(deps, order)) {
      tally.more = true;
      return;
    }
    tally.counts.windows += 1;
    tally.counts.instances += await (order.dryRun ? deps.history.count(window) : deps.history.purge(window));
  }
});

/** All time from the beginning on, without a gap. */
function* windowsBefore(end: Date): Generator<Window> {
  const days = addDays(end, -DAYS);
  let from = BEGINNING;
  while (from < end) {
    const next = addDays(from, from < days ? MONTH_DAYS : 1);
    const limit = from < days ? days : end;
    const to = new Date(Math.min(next.getTime(), limit.getTime()));
    yield { from, to };
    from = to;
  }
}
