import type { Counts, ResultLine } from '../../domain/ledger.ts';
import { patienceIsOver, type SliceContext } from './context.ts';
import type { SliceResult } from './result.ts';
import { type Busy, type Item, isSpent } from './visit.ts';

/** What one item comes to: lines with what they count besides; nothing, when it isn't wanted; or the time at which to ask again. */
export type Taken =
  | {
      readonly kind: 'lines';
      readonly lines: readonly ResultLine[];
      readonly extra?: Partial<Counts>;
      readonly others?: ReadonlySet<string>;
    }
  | { readonly kind: 'sum'; readonly key: string; readonly others?: ReadonlySet<string> }
  | { readonly kind: 'skipped' }
  | ({ readonly kind: 'busy' } & Busy);

/** How a walk deals with the items of a page. */
export interface Taking {
  /** Items dealt with at the same time. */
  readonly width: number;
  take(item: Item): Promise<Taken>;
  /** The line for an item that upstream withheld for too long. */
  giveUp(item: Item, reason: string): Taken;
}

/**
 * Takes items in order, some at the same time, until all are done, upstream says "later", or the budget is used. `count` items from the
 * start are done; what was downloaded beyond them is found again by the next slice.
 */
export async function takeItems(
  context: SliceContext,
  items: readonly Item[],
  at: { readonly taking: Taking; readonly result: SliceResult },
): Promise<{ count: number; busy?: Busy }> {
  const { taking, result } = at;
  const width = Math.max(1, taking.width);
  for (let from = 0; from < items.length; from += width) {
    if (from > 0 && isSpent(context, result)) return { count: from };
    const group = items.slice(from, from + width);
    const taken = await Promise.all(group.map(async (item) => ({ item, outcome: await taking.take(item) })));
    for (const [index, { item, outcome }] of taken.entries()) {
      if (outcome.kind !== 'busy') note(result, outcome);
      else if (patienceIsOver(context, context.deps.limits.patienceSeconds))
        note(result, taking.giveUp(item, outcome.reason));
      else return { count: from + index, busy: outcome };
    }
  }
  return { count: items.length };
}

function note(result: SliceResult, taken: Taken): void {
  if (taken.kind === 'skipped' || taken.kind === 'busy') return;
  if (taken.others) result.noteOthers(taken.others);
  if (taken.kind === 'sum') {
    result.sumUp(taken.key);
    return;
  }
  taken.lines.forEach((line, index) => {
    result.add(line, index === taken.lines.length - 1 ? taken.extra : {});
  });
}
