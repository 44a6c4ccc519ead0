import type { TaskList } from '../domain/plan.ts';
import type { RequestRecord } from '../domain/request.ts';
import type { Target } from '../domain/target.ts';
import { makeTasks } from '../plan/stages.ts';
import type { Dependencies } from './dependencies.ts';

export const revisionOf = (record: RequestRecord): number => record.plan?.revision ?? 1;

/** The tasks of the record's revision; written once, before the first of them begins. @throws Error when a target was unregistered. */
export async function ensureTasks(deps: Dependencies, record: RequestRecord): Promise<TaskList> {
  const revision = revisionOf(record);
  const known = await deps.documents.readTasks(record.requestId, revision);
  if (known) return known;
  const targets = record.targets.map((name) => registered(deps, name));
  const { action, families } = record.submission;
  const list: TaskList = { v: 1, revision, tasks: makeTasks(action, targets, families, revision) };
  await deps.documents.writeTasks(record.requestId, list);
  return (await deps.documents.readTasks(record.requestId, revision)) ?? list;
}

function registered(deps: Dependencies, name: string): Target {
  const target = deps.target(name);
  if (!target) throw new Error(`Target ${name} is not registered (any more): put it back into targets.json.`);
  return target;
}
