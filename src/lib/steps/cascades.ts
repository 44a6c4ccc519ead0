import type { EraseByCall } from '../catalog/family.ts';
import type { FoundLine } from '../domain/ledger.ts';
import { erasing, type Task } from '../domain/plan.ts';
import { addSums, isSameSum, type KeySum, NO_KEYS } from '../domain/sums.ts';
import type { Remains } from './remaining.ts';
import type { SliceContext } from './slice-context.ts';
import { readTasks, revisionOf } from './tasks.ts';

const PAGE = 500;

/**
 * Whether what goes along with an item is still what was approved: the inventory was taken again just before, and both sums are the
 * same. Anything else is drift, and the item stays until somebody decides on what is there now.
 */
export async function compareCascades(context: SliceContext, way: EraseByCall, item: FoundLine): Promise<Remains> {
  const { record, target, deps } = context;
  if (!way.cascades) return { kind: 'none' };
  const list = await readTasks(deps, record.requestId, revisionOf(record));
  const parent = item.key.split('/').slice(1).join('/');
  for (const name of way.cascades) {
    const task = erasing(list?.tasks ?? []).find(
      (candidate) => candidate.family === name && candidate.target === target.name,
    );
    if (!task) return { kind: 'refused', reason: `The plan has no inventory of ${name}, which would go along.` };
    const planned = await sumOf(context, task, { phase: 'inventory', parent });
    const now = await sumOf(context, task, { phase: 'recheck', parent });
    if (planned.gaps + now.gaps > 0)
      return { kind: 'refused', reason: `The inventory of ${name}, which would go along, is incomplete.` };
    if (!isSameSum(planned.sum, now.sum)) {
      return {
        kind: 'drift',
        reason: `${planned.sum.count} items of ${name} were approved to go along, now there are ${now.sum.count}, or others.`,
      };
    }
  }
  return { kind: 'none' };
}

/** Sum over all slices of one taking of the inventory, for one parent. */
async function sumOf(
  context: SliceContext,
  task: Task,
  of: { phase: 'inventory' | 'recheck'; parent: string },
): Promise<{ sum: KeySum; gaps: number }> {
  const { slices } = context.deps;
  const place = { requestId: context.record.requestId, taskId: task.taskId };
  let sum = NO_KEYS;
  let gaps = 0;
  let marker: string | undefined;
  do {
    const page = await slices.listDone(place, of.phase, { limit: PAGE, marker });
    for (const { sliceId, counts } of page.slices) {
      gaps += counts.gaps;
      const header = await slices.readHeader({ ...place, sliceId });
      sum = addSums(sum, header?.parents?.[of.parent] ?? NO_KEYS);
    }
    marker = page.marker;
  } while (marker !== undefined);
  return { sum, gaps };
}
