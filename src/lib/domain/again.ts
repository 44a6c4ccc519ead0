import type { TaskId } from './ids.ts';
import { addCounts, type Counts, type ItemLine, NO_COUNTS, subtractCounts } from './ledger.ts';
import type { Task } from './plan.ts';
import type { Action } from './request.ts';

/**
 * Whether an erasing task has left an item to be done again: it was refused, it was not begun in time, or its parent, with which it goes, stayed.
 * What was kept on another ground stays kept.
 */
export const isLeft = ({ outcome, left }: Pick<ItemLine, 'outcome' | 'left'>, way: Task['way']): boolean =>
  outcome === 'refused' || (outcome === 'kept' && (way === 'parent' || left === true));

export interface Counted {
  readonly taskId: TaskId;
  readonly again?: TaskId | undefined;
  readonly counts: Counts;
}

/**
 * Sums over tasks in which no item counts twice. What a task does again no longer counts where it was left: of an export all of the earlier task, of a
 * delete the items that were taken over. All that was refused is taken over; what was kept makes up the rest.
 */
export function sumWithoutRepeats(action: Action, tasks: readonly Counted[]): Counts {
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  let sum = NO_COUNTS;
  for (const { again, counts } of tasks) {
    const earlier = again === undefined ? undefined : byId.get(again);
    sum = addCounts(sum, earlier ? subtractCounts(counts, repeated(action, earlier.counts, counts)) : counts);
  }
  return sum;
}

function repeated(action: Action, earlier: Counts, { found }: Counts): Counts {
  if (action === 'export') return earlier;
  const refused = Math.min(earlier.refused, found);
  const { gaps, drift } = earlier;
  return { ...NO_COUNTS, found, refused, kept: found - refused, gaps, drift };
}
