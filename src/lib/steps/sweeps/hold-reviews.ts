import { nameOfHold, reviewDue } from '../../domain/hold.ts';
import { hasTime, type SweepDependencies, type SweepOrder, safely, type Tally } from './sweep.ts';

const PAGE = 100;

/**
 * Reminds of each hold whose review date is over, and again each week, whether it keeps a request back or not: sweeps leave alone what
 * is held, so that one that is forgotten keeps data for ever. An event in the log for each; dates are compared as ISO text.
 */
export function remindOfHolds(
  deps: Pick<SweepDependencies, 'clock' | 'holds' | 'log'>,
  { order, tally }: { readonly order: SweepOrder; readonly tally: Tally<'reviews' | 'failed'> },
): Promise<void> {
  return safely(deps, { sweep: 'orphans', part: 'holds', tally }, async () => {
    let continuation: string | undefined;
    do {
      const page = await deps.holds.list({ limit: PAGE, continuation });
      for (const hold of page.holds) {
        const review = reviewDue(hold, deps.clock.now());
        if (review === undefined || (hold.reminded ?? '') >= review) continue;
        if (!hasTime(deps, order)) {
          tally.more = true;
          return;
        }
        if (!order.dryRun && !(await deps.holds.remind(hold.id, review))) continue;
        tally.counts.reviews += 1;
        if (!order.dryRun) deps.log('hold-review', { hold: nameOfHold(hold.id), reviewBy: hold.reviewBy });
      }
      continuation = page.continuation;
    } while (continuation !== undefined);
  });
}
