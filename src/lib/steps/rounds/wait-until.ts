import { addSeconds } from '../../domain/clock.ts';
import type { SliceMessage } from '../../domain/slice.ts';
import type { OpenFacts } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { requestQueueOf } from '../queue-names.ts';
import type { SliceOutcome } from '../slice/context.ts';

/** Waiting is not failing: the attempt isn't counted, and the same slice comes again later. */
export async function waitUntil(
  deps: Dependencies,
  message: SliceMessage,
  at: { facts: OpenFacts; etag: string; outcome: Extract<SliceOutcome, { kind: 'wait' }> },
): Promise<void> {
  const now = deps.clock.now();
  const { until, reason } = at.outcome;
  const { carried, ...before } = at.facts;
  const facts: OpenFacts = {
    ...before,
    attempts: 0,
    notBefore: until.toISOString(),
    ...(!at.outcome.paused && { waitingSince: at.facts.waitingSince ?? now.toISOString() }),
  };
  const delaySeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  const { requestId, taskId, sliceId } = message;
  if (carried) {
    // Until it is sent, the message that carried it looks after it; noted first, and nobody might.
    const own = await sendOwn(deps, message, delaySeconds);
    await deps.slices.note(message, { ...facts, ...own }, at.etag);
  } else {
    await deps.slices.note(message, facts, at.etag);
    await deps.queues.send(await requestQueueOf(deps, message), message, { delaySeconds });
  }
  deps.log('slice-waits', { requestId, taskId, sliceId, delaySeconds, reason });
}

/** Sends a slice that another's message carried a message of its own; what its facts say of that from now on. */
export async function sendOwn(
  deps: Dependencies,
  message: SliceMessage,
  delaySeconds: number,
): Promise<Required<Pick<OpenFacts, 'carried'>>> {
  const { run, sliceId: by } = message;
  const since = addSeconds(deps.clock.now(), delaySeconds).toISOString();
  await deps.queues.send(await requestQueueOf(deps, message), message, { delaySeconds });
  return { carried: { run, by, since } };
}

/** Any number of open slices of a task that one list shows. */
const PAGE = 5000;

/**
 * A message whose slice is done has come again: whoever worked on it died with what he carried. That goes on by messages of its own: two
 * where he died between what was done and what it left. Where he lives after all, both work on it, and one result counts.
 */
export async function releaseCarried(deps: Dependencies, message: SliceMessage): Promise<void> {
  const { requestId, taskId, run } = message;
  const { slices } = await deps.slices.listOpen(requestId, taskId, PAGE);
  for (const { sliceId, facts } of slices) {
    if (sliceId === message.sliceId || facts.carried?.by !== message.sliceId || facts.carried.run !== run) continue;
    const own = { ...message, sliceId };
    const more = await sendOwn(deps, own, 0);
    const now = await deps.slices.readOpen(own);
    if (now) await deps.slices.note(own, { ...now.facts, ...more }, now.etag);
  }
}
