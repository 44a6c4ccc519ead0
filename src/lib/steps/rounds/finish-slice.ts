import { type SliceId, sliceEvent } from '../../domain/ids.ts';
import type { ChildSlice, SliceHeader, SliceMessage } from '../../domain/slice.ts';
import type { Dependencies } from '../dependencies.ts';

/** Tells a round that a slice is done: best effort, after the result is committed; the blobs are the truth. */
export type RaiseEvent = (instanceId: string, event: string) => Promise<void>;

/** After the result is committed: what it leaves is opened, the slice is closed, the round is told. Safe to repeat from any point. */
export async function finish(
  deps: Dependencies,
  done: { message: SliceMessage; header: SliceHeader; raise: RaiseEvent },
): Promise<void> {
  await openAndClose(deps, done);
  await tellRound(deps, done);
}

/** The same without a word to the round. */
export async function openAndClose(
  deps: Dependencies,
  { message, header }: { message: SliceMessage; header: SliceHeader },
): Promise<void> {
  const { requestId, taskId } = message;
  for (const child of header.children) await openOnce(deps, { requestId, taskId, child });
  await deps.slices.close(message);
}

/**
 * Another delivery of the same message may have opened the child long ago, and it may be done and closed: opened again it would wait for
 * a message that nobody sends. A result comes before the close, so whoever looks after opening finds it, or is closed after by that attempt.
 */
async function openOnce(
  deps: Dependencies,
  { requestId, taskId, child }: Pick<SliceMessage, 'requestId' | 'taskId'> & { child: ChildSlice },
): Promise<void> {
  await deps.slices.open(requestId, taskId, child);
  const ref = { requestId, taskId, sliceId: child.sliceId };
  if (await deps.slices.readHeader(ref)) await deps.slices.close(ref);
}

/**
 * A slice whose result was there before: an earlier attempt may have died between the result and its end. Once the slice is closed all
 * that it left was opened, and is not opened again; what it left and is done already isn't either.
 */
export async function finishAgain(
  deps: Dependencies,
  done: { message: SliceMessage; header: SliceHeader; raise: RaiseEvent; closed: boolean },
): Promise<void> {
  const { message, header, raise } = done;
  if (done.closed) return tellRound(deps, { message, raise });
  const { requestId, taskId } = message;
  const children: ChildSlice[] = [];
  for (const child of header.children) {
    if (!(await deps.slices.readHeader({ requestId, taskId, sliceId: child.sliceId }))) children.push(child);
  }
  await finish(deps, { message, header: { ...header, children }, raise });
}

/**
 * Tells the round which now is the one to tell that the message's slice is done. Of the slices that the message carried besides it hears
 * of those that it waits for: it may have been opened while they were worked on.
 */
export async function tellRound(
  deps: Dependencies,
  { message, raise, carried = [] }: { message: SliceMessage; raise: RaiseEvent; carried?: readonly SliceId[] },
): Promise<void> {
  const round = await deps.rounds.readRound(message.requestId, message.taskId);
  if (!round) return;
  await raise(round.instanceId, sliceEvent(message.sliceId));
  for (const sliceId of carried) {
    if (round.inFlight[sliceId] !== undefined) await raise(round.instanceId, sliceEvent(sliceId));
  }
}
