import type { SliceId } from '../../domain/ids.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Attempted, attempt, type WorkPlace } from './attempt.ts';
import type { Carrier, Link } from './carrier.ts';
import { errorTold } from './error-told.ts';
import { tellRound } from './finish-slice.ts';
import { noteError } from './note-error.ts';
import { sendOwn } from './wait-until.ts';

/** As long as a message waits that failed (`visibilityTimeout` of host.json). */
const AFTER_FAILURE_SECONDS = 5;

/**
 * Goes on with one slice after another that the message's first has left, then tells the round. What upstream wants later, and what fails,
 * goes on by a message of its own, which has its own attempts.
 */
export async function carryOn(
  deps: Dependencies,
  carrier: Carrier,
  { first, place }: { first: Link; place: WorkPlace | undefined },
): Promise<void> {
  const carried: SliceId[] = [];
  for (let link: Link | undefined = first; link !== undefined; ) {
    const attempted = await attemptLink(deps, carrier, { ...link, place });
    carried.push(link.message.sliceId);
    link = attempted?.handled === 'done' ? attempted.next : undefined;
  }
  await tellRound(deps, { message: carrier.message, raise: carrier.raise, carried });
}

/** One slice, with a span and a line of the log as if it had come by itself. Undefined when it failed. */
function attemptLink(
  deps: Dependencies,
  carrier: Carrier,
  at: Link & { place: WorkPlace | undefined },
): Promise<Attempted | undefined> {
  const { requestId, run, taskId, sliceId } = at.message;
  const attributes = {
    'dsr.request.id': requestId,
    'dsr.run': run,
    'dsr.task.id': taskId,
    'dsr.slice.id': sliceId,
  };
  return deps.telemetry.span({ name: 'dsr.slice', attributes }, async () => {
    const attempted = await attempt(deps, carrier, at).catch((error: unknown) => failed(deps, at, error));
    const handled = attempted?.handled ?? 'failed';
    deps.telemetry.note({ 'dsr.outcome': handled });
    deps.log('slice', { requestId, run, taskId, sliceId, handled });
    return attempted;
  });
}

async function failed(deps: Dependencies, { message, opened }: Link, error: unknown): Promise<undefined> {
  const { requestId, taskId, sliceId } = message;
  deps.log('slice-failed', { requestId, taskId, sliceId, error: errorTold(error) });
  const more = await sendOwn(deps, message, AFTER_FAILURE_SECONDS);
  await noteError(deps, message, { facts: opened.facts, error, more });
}
