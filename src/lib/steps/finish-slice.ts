import { sliceEvent } from '../domain/ids.ts';
import type { SliceHeader, SliceMessage } from '../domain/slice.ts';
import type { Dependencies } from './dependencies.ts';

/** Tells a round that a slice is done: best effort, after the result is committed; the blobs are the truth. */
export type RaiseEvent = (instanceId: string, event: string) => Promise<void>;

/** After the result is committed: what it leaves is opened, the slice is closed, the round is told. Safe to repeat from any point. */
export async function finish(
  deps: Dependencies,
  done: { message: SliceMessage; header: SliceHeader; raise: RaiseEvent },
): Promise<void> {
  const { message, header } = done;
  const { requestId, taskId } = message;
  for (const child of header.children) await deps.slices.open(requestId, taskId, child);
  await deps.slices.close(message);
  const round = await deps.rounds.readRound(requestId, taskId);
  if (round) await done.raise(round.instanceId, sliceEvent(message.sliceId));
}
