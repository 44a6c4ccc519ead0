import type { EraseByCall } from '../../catalog/family.ts';
import { erasing, type Task } from '../../domain/plan.ts';
import { parentOf } from '../../plan/ways.ts';
import type { SliceContext } from '../slice/context.ts';
import { readTasks, revisionOf } from '../tasks.ts';

/** The tasks of this request and target whose items go with those of the family at hand. */
export async function goesAlong(context: SliceContext, way: EraseByCall): Promise<Task[]> {
  if (!way.contains && !way.cascades) return [];
  const { deps, record, target, family } = context;
  const list = await readTasks(deps, record.requestId, revisionOf(record));
  return erasing(list?.tasks ?? []).filter((task) => task.target === target.name && parentOf(task) === family.family);
}
