import type { EraseByCall } from '../catalog/family.ts';
import { childSliceId } from '../domain/ids.ts';
import type { AttemptLine, FoundLine } from '../domain/ledger.ts';
import type { WorkOf } from '../domain/slice.ts';
import type { Attempted } from './attempted.ts';
import { eraseBatch } from './erase-batch.ts';
import { eraseItem } from './erase-item.ts';
import { inventoryItems } from './inventory.ts';
import { obstacleOf } from './obstacle.ts';
import { patienceIsOver, type SliceContext, type SliceOutcome, timeIsUp } from './slice-context.ts';
import { SliceResult } from './slice-result.ts';

/**
 * Erases the items of one inventory slice: by ids from the stored inventory, never from a list read while deleting. Writes down what
 * upstream answered; the proof comes later and decides what became of each item.
 */
export async function erase(context: SliceContext, work: WorkOf<'erase'>): Promise<SliceOutcome> {
  const way = context.family.erase;
  const result = new SliceResult();
  const items = await inventoryItems(context, work.inventory, work.from);
  const obstacle = way.by === 'call' ? await obstacleOf(context) : 'It goes with its parent or by hand only.';
  if (way.by !== 'call' || obstacle !== undefined)
    return answerAll(result, items, { answer: 'refused', reason: obstacle });
  if (context.settling !== undefined) return answerAll(result, items, settled(context));
  let done = 0;
  for (const group of groups(way, items)) {
    if (done > 0 && timeIsUp(context)) return goOn(context, work, { result, done });
    const attempted = await attempt(context, way, group);
    if (attempted.kind === 'busy') {
      if (done > 0) return goOn(context, work, { result, done, notBefore: attempted.until });
      if (!patienceIsOver(context, context.deps.limits.patienceSeconds))
        return { kind: 'wait', until: attempted.until, reason: attempted.reason };
    }
    const lines = attempted.kind === 'busy' ? refuse(group, attempted.reason) : attempted.lines;
    for (const line of lines) result.add(line);
    done += group.length;
  }
  return { kind: 'done', result, children: [] };
}

const attempt = (context: SliceContext, way: EraseByCall, group: readonly FoundLine[]): Promise<Attempted> => {
  const [first] = group;
  if (first === undefined) throw new Error('A group of items is never empty.');
  return way.batch ? eraseBatch(context, way, group) : eraseItem(context, way, first);
};

const refuse = (group: readonly FoundLine[], reason: string): AttemptLine[] =>
  group.map((item) => ({ line: 'attempt', key: item.key, answer: 'refused', reason }));

/** Nothing may be begun any more. What an earlier attempt of this slice may have done is unknown until it is looked at. */
const settled = (context: SliceContext): Pick<AttemptLine, 'answer' | 'reason'> => ({
  answer: context.facts.marked ? 'unknown' : 'not-attempted',
  reason: context.settling,
});

function answerAll(
  result: SliceResult,
  items: readonly FoundLine[],
  answer: Pick<AttemptLine, 'answer' | 'reason'>,
): SliceOutcome {
  for (const item of items) result.add({ line: 'attempt', key: item.key, ...answer });
  return { kind: 'done', result, children: [] };
}

/** Items that one call takes: neighbours under one parent, at most as many as upstream allows. */
function groups(way: EraseByCall, items: readonly FoundLine[]): FoundLine[][] {
  const size = way.batch?.size ?? 1;
  const all: FoundLine[][] = [];
  for (const item of items) {
    const last = all.at(-1);
    const [head] = last ?? [];
    if (last && head && last.length < size && parentOf(head) === parentOf(item)) last.push(item);
    else all.push([item]);
  }
  return all;
}

const parentOf = (item: FoundLine): string => item.key.slice(0, item.key.lastIndexOf('/'));

function goOn(
  context: SliceContext,
  work: WorkOf<'erase'>,
  at: { result: SliceResult; done: number; notBefore?: Date },
): SliceOutcome {
  const child = {
    sliceId: childSliceId('erase', context.ref.sliceId, 'rest'),
    work: { ...work, from: work.from + at.done },
    ...(at.notBefore ? { notBefore: at.notBefore.toISOString() } : {}),
  };
  return { kind: 'done', result: at.result, children: [child] };
}
