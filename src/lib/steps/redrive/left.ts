import { isLeft } from '../../domain/again.ts';
import { childSliceId, type SliceId } from '../../domain/ids.ts';
import type { AttemptLine, FoundLine, ItemLine, ResultLine } from '../../domain/ledger.ts';
import { type Chosen, itemDigest } from '../../domain/redrive.ts';
import type { WorkOf } from '../../domain/slice.ts';
import { parentDepth } from '../../plan/ways.ts';
import type { SliceContext, SliceOutcome } from '../slice/context.ts';
import { chainOf, inventoryItems } from '../slice/inventory.ts';
import { SliceResult } from '../slice/result.ts';

/** Answers after which the item may have gone by our doing. */
const CALLED_FOR: readonly AttemptLine['answer'][] = ['accepted', 'missing-after-attempt', 'unanswered', 'unknown'];

/**
 * Takes over what the earlier task has left of one slice of its inventory, with the ids that were stored then: an inventory slice of the new
 * task. What was called for before is marked, and what nobody chose stays refused on the ground it had.
 */
export async function takeOver(context: SliceContext, work: WorkOf<'left'>): Promise<SliceOutcome> {
  const { again } = context.task;
  if (again === undefined) throw new Error(`Task ${context.task.taskId} does nothing again: this is a defect.`);
  const earlier: SliceContext = { ...context, ref: { ...context.ref, taskId: again } };
  const attempts = await told(earlier, work.inventory, 'erase');
  const ends = await told(earlier, work.inventory, 'prove');
  const result = new SliceResult(parentDepth(context.task));
  for (const item of await inventoryItems(earlier, work.inventory, 0)) {
    const end = ends.get(item.key);
    if (end?.line.line !== 'item' || !isLeft(end.line, context.task.way)) continue;
    const attempt = attempts.get(item.key);
    const slices = [work.inventory, end.sliceId, ...(attempt ? [attempt.sliceId] : [])];
    const isChosen = chosen(context, { taskId: again, key: item.key, slices });
    result.add(foundAgain(item, { end: end.line, attempt: attempt?.line, isChosen }));
  }
  return { kind: 'done', result, children: [] };
}

interface Told {
  readonly sliceId: SliceId;
  readonly line: Extract<ResultLine, { key: string }>;
}

/** The last line of each item in the slices of a phase that belong to one inventory slice. */
async function told(context: SliceContext, inventory: SliceId, phase: 'erase' | 'prove'): Promise<Map<string, Told>> {
  const lines = new Map<string, Told>();
  for await (const one of chainOf(context, childSliceId(phase, inventory, 0))) {
    const { line } = one;
    if (line.line === 'attempt' || line.line === 'item') lines.set(line.key, { sliceId: one.sliceId, line });
  }
  return lines;
}

function foundAgain(
  { stays: _, ...item }: FoundLine,
  at: { end: ItemLine; attempt: ResultLine | undefined; isChosen: boolean },
): FoundLine {
  // Without a line of the attempt nobody knows: then it may have been called for.
  const { attempt } = at;
  const line = attempt?.line === 'attempt' ? attempt : undefined;
  const wasCalledFor = line === undefined || line.attempted === true || CALLED_FOR.includes(line.answer);
  const stays = at.end.reason ?? 'It was refused.';
  return {
    ...item,
    ...(wasCalledFor && { attempted: true as const }),
    ...(!at.isChosen && { stays }),
  };
}

function chosen(
  { record, task }: SliceContext,
  item: { taskId: Chosen['taskId']; key: string; slices: readonly SliceId[] },
): boolean {
  const only = record.again?.only;
  // Whatever goes with its parent goes, or stays, with it.
  if (only === undefined || task.way === 'parent') return true;
  return only.some(
    ({ taskId, sliceId, item: digest }) =>
      taskId === item.taskId &&
      (digest === undefined || digest === itemDigest(item.key)) &&
      (sliceId === undefined || item.slices.includes(sliceId)),
  );
}
