import { type RequestId, rootSliceId } from '../../../../src/lib/domain/ids.ts';
import type { FoundLine } from '../../../../src/lib/domain/ledger.ts';
import type { Task } from '../../../../src/lib/domain/plan.ts';
import { SliceResult } from '../../../../src/lib/steps/slice/result.ts';
import { sliceStore } from '../../../../src/lib/store/slices.ts';
import type { Storage } from '../../../../src/lib/store/storage.ts';

/** Writes a task's inventory as the walk writes it, in one slice. */
export async function writeInventory(
  storage: Storage,
  { requestId, task }: { requestId: RequestId; task: Pick<Task, 'taskId'> },
  items: readonly FoundLine[],
): Promise<void> {
  const result = new SliceResult();
  for (const item of items) result.add(item);
  const sliceId = rootSliceId('inventory');
  const ref = { requestId, taskId: task.taskId, sliceId };
  await sliceStore(storage).commit(ref, result.header(sliceId, 'walk', []), result.lines);
}
