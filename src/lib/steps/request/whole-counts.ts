import { type Counted, sumWithoutRepeats } from '../../domain/again.ts';
import type { TaskId } from '../../domain/ids.ts';
import { type Counts, NO_COUNTS } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Progress } from '../../store/rounds.ts';
import type { Dependencies } from '../dependencies.ts';
import { readTasks } from '../tasks.ts';

/**
 * What a task and those that it goes on from came to, each item counted once, as it ended last. An export reads a family anew, and only that counts.
 */
export async function wholeCounts(
  deps: Pick<Dependencies, 'documents' | 'rounds'>,
  { requestId, submission }: RequestRecord,
  { task, progress }: { task: Task; progress: Progress | undefined },
): Promise<Counts> {
  const counts = progress?.counts ?? NO_COUNTS;
  if (submission.action === 'export' || task.again === undefined) return counts;
  const chain: Counted[] = [{ taskId: task.taskId, again: task.again, counts }];
  let before: TaskId | undefined = task.again;
  while (before !== undefined) {
    const taskId: TaskId = before;
    const list = await readTasks(deps, requestId, Number.parseInt(taskId, 10));
    const earlier = list?.tasks.find((candidate) => candidate.taskId === taskId);
    const own = await deps.rounds.readProgress(requestId, taskId);
    chain.push({ taskId, again: earlier?.again, counts: own?.counts ?? NO_COUNTS });
    before = earlier?.again;
  }
  return sumWithoutRepeats('delete', chain);
}
