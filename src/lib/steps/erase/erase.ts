import type { AttemptLine, FoundLine } from '../../domain/ledger.ts';
import type { WorkOf } from '../../domain/slice.ts';
import type { SliceContext, SliceOutcome } from '../slice/context.ts';
import { openItems } from '../slice/inventory.ts';
import { obstacleOf } from '../slice/obstacle.ts';
import { SliceResult } from '../slice/result.ts';
import { type Cleared, clearedParents } from './clear.ts';
import { isAnswered, lineOfAll } from './group.ts';
import { eraseItems } from './items.ts';

/**
 * Erases the items of one inventory slice: by ids from the stored inventory, never from a list read while deleting. Writes down what
 * upstream answered; the proof comes later and decides what became of each item.
 */
export async function erase(context: SliceContext, work: WorkOf<'erase'>): Promise<SliceOutcome> {
  const way = context.family.erase;
  const items = await openItems(context, work);
  const all = [...items.values()];
  const obstacle = way.by === 'call' ? await obstacleOf(context) : 'It goes with its parent or by hand only.';
  if (way.by !== 'call' || obstacle !== undefined) return answerAll(all, { answer: 'refused', reason: obstacle });
  const cleared = await clearedParents(context, all);
  if (context.settling !== undefined) return answerSettled(context, work, { items, cleared });
  return eraseItems(context, work, { way, items, cleared });
}

/** Nothing may be begun any more. What an earlier attempt of this slice may have done is unknown until it is looked at. */
function answerSettled(
  context: SliceContext,
  work: WorkOf<'erase'>,
  { items, cleared }: { items: ReadonlyMap<number, FoundLine>; cleared: Cleared },
): SliceOutcome {
  const result = new SliceResult();
  const way = context.family.erase;
  const together = work.begun && way.by === 'call' ? (way.batch?.size ?? 1) : 0;
  // What goes on upstream stands before `from`: it was begun.
  for (const [position, item] of items) {
    const before = cleared(item);
    if (before && isAnswered(before)) {
      result.add(lineOfAll(item, before));
      continue;
    }
    const begun =
      context.facts.marked === true ||
      position < work.from + together ||
      before?.answer === 'unknown' ||
      item.attempted === true;
    const answer = begun ? 'unknown' : 'not-attempted';
    result.add({
      line: 'attempt',
      key: item.key,
      answer,
      ...(context.settling === undefined ? {} : { reason: context.settling, left: true }),
    });
  }
  return { kind: 'done', result, children: [] };
}

function answerAll(items: readonly FoundLine[], answer: Pick<AttemptLine, 'answer' | 'reason'>): SliceOutcome {
  const result = new SliceResult();
  for (const item of items) result.add({ line: 'attempt', key: item.key, ...answer });
  return { kind: 'done', result, children: [] };
}
