import type { Counts, ResultLine } from '../../domain/ledger.ts';
import { type Budgeted, patienceIsOver } from './context.ts';
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
  context: Budgeted,
  items: readonly Item[],
  at: { readonly taking: Taking; readonly result: SliceResult },
): Promise<{ count: number; busy?: Busy }> {
  const { taking, result } = at;
  const underWay: Promise<Taken>[] = [];
  const begin = (item: Item): void => {
    const taken = taking.take(item);
    // It counts when its turn comes.
    taken.catch(() => undefined);
    underWay.push(taken);
  };
  const mayBegin = roomFor(context, items.length, at);
  try {
    for (let done = 0; ; done += 1) {
      for (let item = items[done + underWay.length]; item && mayBegin(done, underWay.length); ) {
        begin(item);
        item = items[done + underWay.length];
      }
      const [item, taken] = [items[done], underWay.shift()];
      if (!item || !taken) return { count: done };
      const outcome = await taken;
      if (outcome.kind !== 'busy') note(result, outcome);
      else if (patienceIsOver(context, context.deps.limits.patienceSeconds))
        note(result, taking.giveUp(item, outcome.reason));
      else return { count: done, busy: outcome };
    }
  } finally {
    // Nothing goes on behind the slice's back.
    await Promise.allSettled(underWay);
  }
}

/** Whether one more may be begun: there is always room for the first, and for a whole page where all of it is taken at once. */
function roomFor(
  context: Budgeted,
  items: number,
  { taking, result }: { readonly taking: Taking; readonly result: SliceResult },
): (done: number, underWay: number) => boolean {
  const width = Math.max(1, taking.width);
  if (width >= items) return () => true;
  return (done, underWay) => underWay < width && (done + underWay === 0 || !isSpent(context, result, underWay));
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
