import { familyNamed } from '../../catalog/catalog.ts';
import { SEAL_TASK } from '../../domain/ids.ts';
import { addCounts, type Counts, identityFault, NO_COUNTS } from '../../domain/ledger.ts';
import { erasing, ownTasks, savingFirst, type Task, type TaskList } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Done } from '../../domain/run.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { settlingReason } from '../slice/settling.ts';
import { AGAIN, type Step } from '../step.ts';
import { itemsWithout } from './task-keys.ts';

/**
 * Export, verify, then erase: what comes before the erasing of a request that asked for it. Undefined when the erasing may begin or go
 * on. Phases that were done in an earlier run are through at once.
 */
export async function exportFirst(
  deps: Dependencies,
  record: RequestRecord,
  at: { list: TaskList; done: Done | undefined },
): Promise<Step | undefined> {
  const saving = savingFirst(at.list.tasks);
  if (saving.length === 0 || record.standDown !== undefined) return undefined;
  const tasks = savingFirst(ownTasks(at.list));
  // Saved by an earlier revision, which this one goes on with: whole it must have been all the same.
  if (tasks.length === 0) return at.done === undefined ? checkWhole(deps, record, at.list) : undefined;
  switch (at.done?.phase) {
    case undefined:
      return { kind: 'tasks', phase: 'export', stage: 0, taskIds: tasks.map((task) => task.taskId) };
    case 'export':
      return { kind: 'tasks', phase: 'package', stage: 0, taskIds: [SEAL_TASK] };
    case 'package':
      return checkWhole(deps, record, at.list);
    default:
      return undefined;
  }
}

async function checkWhole(deps: Dependencies, record: RequestRecord, list: TaskList): Promise<Step | undefined> {
  const fault = await faultOf(deps, record, list);
  if (fault === undefined || settlingReason(record, deps.clock.now()) !== undefined) return undefined;
  await standDown(deps, record, `Erasing did not begin, since the export before it is not whole. ${fault}`);
  return AGAIN;
}

/** What the export lacks; undefined when it is whole and packed. The package's own digests were compared while it was written. */
async function faultOf(deps: Dependencies, record: RequestRecord, list: TaskList): Promise<string | undefined> {
  let counts = NO_COUNTS;
  for (const task of savingFirst(list.tasks)) {
    const own = await deps.slices.sumDone(record.requestId, task.taskId);
    const fault = identityFault(`Export of ${task.family} on ${task.target}`, own, 'export');
    if (fault !== undefined) return fault;
    const lacking = await lackingOf(deps, record, { list, task, own });
    if (lacking !== undefined) return lacking;
    counts = addCounts(counts, own);
    // A document that a version of the service doesn't have is no data that would be erased unsaved.
    if (own.absent > 0 && familyNamed(task.family).unless === undefined)
      return `Of ${task.family} on ${task.target} ${own.absent} items were not there to be saved.`;
  }
  if (counts.gaps > 0) return `${counts.gaps} places upstream could not be read.`;
  if (counts.refused > 0) return `${counts.refused} items could not be saved.`;
  const packed = await deps.slices.sumDone(record.requestId, SEAL_TASK);
  return packed.gaps > 0 ? 'The package could not be made.' : undefined;
}

/** Items that the plan would erase. Whatever an export misses of them, gone by now or withheld by a list, would be erased unsaved. */
async function lackingOf(
  deps: Dependencies,
  { requestId }: RequestRecord,
  { list, task, own }: { list: TaskList; task: Task; own: Counts },
): Promise<string | undefined> {
  const plan = erasing(list.tasks).find(({ family, target }) => family === task.family && target === task.target);
  if (!plan) return undefined;
  const planned = (await deps.slices.sumDone(requestId, plan.taskId)).found;
  const of = `Of ${task.family} on ${task.target}`;
  if (own.found < planned) return `${of} it found ${own.found} items, the plan has ${planned}.`;
  if (planned === 0) return undefined;
  const tasks = { found: { requestId, taskId: plan.taskId }, ended: { requestId, taskId: task.taskId } };
  const missing = await itemsWithout(deps, tasks, own.found);
  return missing > 0 ? `${of} it did not find ${missing} items that the plan has.` : undefined;
}

/** From here on every slice settles: nothing is begun, and each item found gets its final line. */
async function standDown(deps: Dependencies, seen: RequestRecord, reason: string): Promise<void> {
  const at = deps.clock.now();
  await deps.records.change(seen.requestId, (record) =>
    record.standDown === undefined && record.run.n === seen.run.n
      ? note(record, 'stood-down', { at, actor: SYSTEM, reason, patch: { standDown: reason } })
      : undefined,
  );
}
