import type { EraseByCall } from '../../catalog/family.ts';
import type { FoundLine } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import { isSameSum, NO_KEYS } from '../../domain/sums.ts';
import type { SliceContext } from '../slice/context.ts';
import type { Remains } from '../slice/remaining.ts';

/**
 * Whether what goes along with an item is still what was approved: the inventory was taken again just before, and both sums are the
 * same. Anything else is drift, and the item stays until somebody decides on what is there now.
 */
export async function compareCascades(
  context: SliceContext,
  way: EraseByCall,
  { item, along }: { item: FoundLine; along: readonly Task[] },
): Promise<Remains> {
  const parent = item.key.split('/').slice(1).join('/');
  for (const name of cascadesOf(way, along)) {
    const task = along.find((candidate) => candidate.family === name);
    if (!task) return { kind: 'refused', reason: `The plan has no inventory of ${name}, which would go along.` };
    const planned = await context.sums.of(context, task, 'inventory');
    const now = await context.sums.of(context, task, 'recheck');
    if (planned.gaps + now.gaps > 0)
      return { kind: 'refused', reason: `The inventory of ${name}, which would go along, is incomplete.` };
    const [before, after] = [planned.sums.get(parent) ?? NO_KEYS, now.sums.get(parent) ?? NO_KEYS];
    if (!isSameSum(before, after)) {
      return {
        kind: 'drift',
        reason: `${before.count} items of ${name} were approved to go along, now there are ${after.count}, or others.`,
      };
    }
  }
  return { kind: 'none' };
}

/** What always goes along, and what this request lets go along. */
const cascadesOf = ({ cascades = [], contains = [] }: EraseByCall, along: readonly Task[]): readonly string[] => [
  ...cascades,
  ...contains.filter((name) => along.some((task) => task.family === name)),
];
