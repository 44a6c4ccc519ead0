import { familyNamed, familyQueue } from '../catalog/catalog.ts';
import { isSealTask, type RequestId, type TaskId } from '../domain/ids.ts';
import type { Dependencies } from './dependencies.ts';
import { taskOf } from './tasks.ts';

/** Queue of messages "look at this request's record". */
export const REQUESTS_QUEUE = 'dsr-requests';
/** Queue of changes of state that are to be told to a URL. */
export const CALLBACKS_QUEUE = 'dsr-callbacks';
/** Queue of the slices that seal a request. */
export const SEAL_QUEUE = 'dsr-seal';

/** The queue that the slices of a task go to. */
export async function requestQueueOf(
  deps: Dependencies,
  at: { requestId: RequestId; taskId: TaskId },
): Promise<string> {
  if (isSealTask(at.taskId)) return SEAL_QUEUE;
  return familyQueue(familyNamed((await taskOf(deps, at)).family));
}
