import { isActive } from '../../domain/lifecycle.ts';
import { assertNever } from '../../domain/never.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { SliceMessage, SliceWork } from '../../domain/slice.ts';
import type { Dependencies } from '../dependencies.ts';
import { openPositions } from '../slice/inventory.ts';
import { SliceResult } from '../slice/result.ts';
import { finish, finishAgain, type RaiseEvent } from './finish-slice.ts';
import { tellGivenUp } from './told-work.ts';
import { releaseCarried } from './wait-until.ts';

const GIVEN_UP = 'The slice failed at every attempt and was given up.';

/**
 * Gives up the slice of a poison message, unless that message is of another run, or of a request that has ended: the run that lives now has
 * sent its own.
 */
export async function giveUpPoisoned(deps: Dependencies, message: SliceMessage, raise: RaiseEvent): Promise<void> {
  const record = await deps.records.read(message.requestId);
  if (record && isCurrent(record, message.run)) return giveUpSlice(deps, message, raise);
  const { requestId, run, taskId, sliceId } = message;
  deps.log('slice-message-stale', { requestId, run, taskId, sliceId });
}

/** Whether messages of this run still mean anything. */
export const isCurrent = ({ run, state }: RequestRecord, n: number): boolean =>
  run.n === n && !run.ended && isActive(state);

/**
 * Ends a slice that can't be done, as its poison message or its count of attempts says. What it held is reported: as refused where it is
 * known, as a gap where it isn't. If an attempt committed after all, that result stands.
 * The last error that an attempt left goes with it.
 */
export async function giveUpSlice(deps: Dependencies, message: SliceMessage, raise: RaiseEvent): Promise<void> {
  const opened = await deps.slices.readOpen(message);
  const before = await deps.slices.readHeader(message);
  if (before) {
    await releaseCarried(deps, message);
    return finishAgain(deps, { message, header: before, raise, closed: opened === undefined });
  }
  if (!opened) return;
  const lastError = opened.facts.errors?.at(-1);
  const reason = lastError === undefined ? GIVEN_UP : `${GIVEN_UP} Its last error: ${lastError}.`;
  const result = await reportOn(deps, message, { work: opened.work, reason });
  const header = {
    ...result.header(message.sliceId, opened.work.kind, []),
    givenUp: true as const,
    ...(lastError !== undefined && { lastError }),
  };
  const committed = await deps.slices.commit(message, header, result.lines);
  const winner = committed === 'committed' ? header : await deps.slices.readHeader(message);
  deps.log('slice-given-up', {
    requestId: message.requestId,
    taskId: message.taskId,
    sliceId: message.sliceId,
    kind: opened.work.kind,
    ...(lastError !== undefined && { lastError }),
  });
  if (winner) await finish(deps, { message, header: winner, raise });
  if (committed === 'committed') await tellGivenUp(deps, message, header.counts);
}

async function reportOn(
  deps: Dependencies,
  message: SliceMessage,
  { work, reason }: { work: SliceWork; reason: string },
): Promise<SliceResult> {
  const result = new SliceResult();
  switch (work.kind) {
    case 'walk':
    case 'spread':
    case 'left':
    case 'volume':
    case 'manifest':
      result.add({ line: 'gap', place: work.kind, reason });
      return result;
    case 'parents':
      // Nothing was taken away: without an answer the items go by their ids.
      return result;
    case 'clear':
      result.add({ line: 'attempt', key: work.parent, answer: 'unknown', reason });
      return result;
    case 'erase':
    case 'prove':
      for await (const key of keysFrom(deps, message, work)) {
        if (work.kind === 'erase') result.add({ line: 'attempt', key, answer: 'unknown' });
        else
          result.add({
            line: 'item',
            key,
            outcome: 'refused',
            reason: `Whether it is gone could not be proved: ${reason}`,
          });
      }
      return result;
    default:
      return assertNever(work, 'kind of slice');
  }
}

async function* keysFrom(
  deps: Dependencies,
  message: SliceMessage,
  work: Extract<SliceWork, { kind: 'erase' | 'prove' }>,
): AsyncIterable<string> {
  let position = 0;
  const isOpen = openPositions(work);
  const { requestId, taskId } = message;
  for await (const line of deps.slices.lines({ requestId, taskId, sliceId: work.inventory })) {
    if (line.line !== 'found') continue;
    if (isOpen(position)) yield line.key;
    position += 1;
  }
}
