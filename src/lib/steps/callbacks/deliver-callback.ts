import type { CallbackMessage, Change } from '../../domain/callback.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { waitAfter, withTold } from '../../plan/changes.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import type { CallbackAnswer } from '../../upstream/callback-post.ts';
import type { Dependencies } from '../dependencies.ts';
import { openDsrCallback } from '../open-dsr/answers.ts';
import { isOpenDsr } from '../open-dsr/open-dsr.ts';
import { CALLBACKS_QUEUE } from '../queue-names.ts';
import { callbackBody } from './callback-body.ts';

export type CallbackDependencies = Pick<Dependencies, 'clock' | 'records' | 'queues' | 'callbacks' | 'openDsr'>;

/** `nothing`: nobody is to be told, or was told before. `not-yet`: the change is not in the record, and may still come. */
export type Told = 'told' | 'later' | 'given-up' | 'nothing' | 'not-yet';

/** Statuses after which no attempt is worth while: 410 is how a receiver says so in Standard Webhooks. */
const GONE = 410;

/**
 * One attempt to tell one URL of one change of state. May run at any time, any number of times: receivers know a repetition by its
 * `webhook-id`. A failure is no failure of the request: it is tried again later, and given up in the end, with a line in the journal.
 */
export async function deliverCallback(deps: CallbackDependencies, message: CallbackMessage): Promise<Told> {
  const record = await deps.records.read(message.requestId);
  const change = record?.changes?.find(({ seq }) => seq === message.seq);
  if (!record) return 'nothing';
  // Another write has taken that number, or everybody has been told.
  if (!change && record.journal.seq >= message.seq) return 'nothing';
  if (!change) return (await sendAgain(deps, message)) ? 'not-yet' : 'nothing';
  const url = record.submission.callbackUrls?.[message.url];
  if (url === undefined || change.done.includes(message.url)) return 'nothing';
  const answer = await attempt(deps, { record, change, url, message });
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) {
    await settle(deps, message, { event: 'callback-delivered', how: `answered ${answer.status}` });
    return 'told';
  }
  const final = answer.kind === 'closed' || (answer.kind === 'answered' && answer.status === GONE);
  if (!final && (await sendAgain(deps, message))) return 'later';
  await settle(deps, message, { event: 'callback-given-up', how: wordsFor(answer) });
  return 'given-up';
}

/** Gives up what failed at every try of the queue, which only a defect or storage that is away can do. */
export const giveUpCallback = (deps: CallbackDependencies, message: CallbackMessage): Promise<void> =>
  settle(deps, message, { event: 'callback-given-up', how: 'the function that tells it failed' });

interface Attempt {
  readonly record: RequestRecord;
  readonly change: Change;
  readonly url: string;
  readonly message: CallbackMessage;
}

async function attempt({ callbacks, clock, openDsr }: CallbackDependencies, at: Attempt): Promise<CallbackAnswer> {
  // Settings may have changed since the request came in.
  if (!callbacks || callbacks.fault(at.url) !== undefined) return { kind: 'closed' };
  if (isOpenDsr(at.record)) {
    return openDsr ? callbacks.post(openDsrCallback(openDsr, at.record, at)) : { kind: 'closed' };
  }
  const { requestId, seq, url: place } = at.message;
  const body = callbackBody(at.record, at.change);
  const headers = callbacks.sign({ id: `${requestId}.${seq}.${place}`, at: clock.now(), body });
  return callbacks.post({ url: at.url, headers, body });
}

/** False when this was the last attempt. */
async function sendAgain({ queues }: CallbackDependencies, message: CallbackMessage): Promise<boolean> {
  const delaySeconds = waitAfter(message.attempt);
  if (delaySeconds === undefined) return false;
  await queues.send(CALLBACKS_QUEUE, { ...message, attempt: message.attempt + 1 }, { delaySeconds });
  return true;
}

function wordsFor(answer: CallbackAnswer): string {
  switch (answer.kind) {
    case 'answered':
      return `answered ${answer.status}`;
    case 'closed':
      return 'its host may not be called from here';
    case 'failed':
      return `no answer (${answer.code})`;
  }
}

async function settle(
  { clock, records }: CallbackDependencies,
  { requestId, seq, url, attempt: tried }: CallbackMessage,
  { event, how }: { readonly event: string; readonly how: string },
): Promise<void> {
  const at = clock.now();
  await records.change(requestId, (record) => {
    const told = withTold(record, seq, url);
    // The URL itself may carry a secret of the receiver's: its place is told.
    const reason = `Callback ${url + 1}, of line ${seq}, at attempt ${tried}: ${how}.`;
    return told && note(told, event, { at, actor: SYSTEM, reason });
  });
}
