import { mintTaskId } from '../domain/ids.ts';
import { ownTasks, type Task, type TaskList } from '../domain/plan.ts';
import type { RequestRecord } from '../domain/request.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * The tasks of a revision that does again what the one before left. A delete goes through all its families again, each with what was left in it: they
 * depend on each other. An export reads a family again as a whole, since a list can't be read from its middle; families that are whole stay.
 */
export async function tasksAgain(
  deps: Pick<Dependencies, 'slices'>,
  record: RequestRecord,
  { earlier, revision }: { earlier: TaskList; revision: number },
): Promise<TaskList> {
  const tasks: Task[] = [];
  let index = 0;
  for (const task of earlier.tasks) {
    const isDue =
      record.submission.action === 'delete' ? task.role === undefined : await isUnfinished(deps, record, task);
    tasks.push(isDue ? again(task, revision, index++) : task);
  }
  const list: TaskList = { v: 1, revision, tasks };
  if (ownTasks(list).length === 0) throw new Error(`Request ${record.requestId} has nothing to be done again.`);
  return list;
}

async function isUnfinished(
  deps: Pick<Dependencies, 'slices'>,
  { requestId, again }: RequestRecord,
  { taskId }: Task,
): Promise<boolean> {
  if (again?.only && !again.only.some((chosen) => chosen.taskId === taskId)) return false;
  const { refused, gaps } = await deps.slices.sumDone(requestId, taskId);
  return refused + gaps > 0;
}

/** One call for all would take along what came since: what is left goes by its ids. */
const again = (task: Task, revision: number, index: number): Task => ({
  ...task,
  taskId: mintTaskId(revision, index),
  way: task.way === 'whole' ? 'call' : task.way,
  again: task.taskId,
  contents: task.contents ?? task.taskId,
});
