import type { RequestId, TaskId } from '../domain/ids.ts';
import { type Task, type TaskList, taskListSchema } from '../domain/plan.ts';
import type { RequestRecord } from '../domain/request.ts';
import type { Target } from '../domain/target.ts';
import { makeTasks } from '../plan/stages.ts';
import { tasksAgain } from './again-tasks.ts';
import type { Dependencies } from './dependencies.ts';

export const revisionOf = (record: RequestRecord): number => record.plan?.revision ?? 1;

/** The tasks of one revision of a request's plan, once they are made. */
export const readTasks = (
  deps: Pick<Dependencies, 'documents'>,
  requestId: RequestId,
  revision: number,
): Promise<TaskList | undefined> => deps.documents.read({ requestId, name: `tasks-${revision}.json` }, taskListSchema);

/** The task of that id; it says itself which revision it belongs to. @throws Error for an unknown one. */
export async function taskOf(deps: Dependencies, at: { requestId: RequestId; taskId: TaskId }): Promise<Task> {
  const list = await readTasks(deps, at.requestId, Number.parseInt(at.taskId, 10));
  const task = list?.tasks.find((candidate) => candidate.taskId === at.taskId);
  if (!task) throw new Error(`Task ${at.taskId} of request ${at.requestId} is unknown.`);
  return task;
}

/** The tasks of the record's revision; written once, before the first of them begins. @throws Error when a target was unregistered. */
export async function ensureTasks(deps: Dependencies, record: RequestRecord): Promise<TaskList> {
  const revision = revisionOf(record);
  const known = await readTasks(deps, record.requestId, revision);
  if (known) return known;
  const list = await listFor(deps, record);
  const written = await deps.documents.write(
    { requestId: record.requestId, name: `tasks-${revision}.json` },
    list,
    'once',
  );
  return written === 'written' ? list : ((await readTasks(deps, record.requestId, revision)) ?? list);
}

async function listFor(deps: Dependencies, record: RequestRecord): Promise<TaskList> {
  const revision = revisionOf(record);
  if (record.again?.revision === revision) {
    const earlier = await readTasks(deps, record.requestId, revision - 1);
    if (earlier) return tasksAgain(deps, record, { earlier, revision });
  }
  const targets = record.targets.map((name) => registeredTarget(deps, name));
  return { v: 1, revision, tasks: makeTasks(record.submission, targets, revision) };
}

/** @throws Error when the operator's data map no longer has it. */
export function registeredTarget(deps: Dependencies, name: string): Target {
  const target = deps.target(name);
  if (!target) throw new Error(`Target ${name} is not registered (any more): put it back into targets.json.`);
  return target;
}
