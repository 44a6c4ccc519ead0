import { QueueServiceClient } from '@azure/storage-queue';
import type { Passing } from '../../test/end-to-end/support/proxy.ts';
import { found } from '../../test/end-to-end/support/until.ts';
import type { FaultLane } from '../lane/fault-lane.ts';

const MESSAGES = /^\/devstoreaccount1\/(dsr-[a-z-]+)\/messages(?:\?|$)/;

const queueOf = ({ url }: Passing): string | undefined => MESSAGES.exec(url)?.[1];

/** Whether a message of the app's is sent. */
export const isMessage = (passing: Passing): boolean => passing.method === 'POST' && queueOf(passing) !== undefined;

/** Whether messages are taken from a queue, to be worked on. */
export const isReceipt = (passing: Passing): boolean =>
  passing.method === 'GET' && queueOf(passing) !== undefined && !passing.url.includes('peekonly');

export interface HeldMessage {
  readonly id: string;
  readonly receipt: string;
}

/** Messages in an answer of the queue service, with the receipts that go with them. */
export function messagesIn(body: Buffer): HeldMessage[] {
  const text = body.toString();
  const all = (tag: string) =>
    [...text.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, value = '']) => value);
  const receipts = all('PopReceipt');
  return all('MessageId').map((id, index) => ({ id, receipt: receipts[index] ?? '' }));
}

/** Puts a message into its queue once more. */
export async function sendAgain({ stage }: FaultLane, passing: Passing): Promise<void> {
  const status = await found(stage.storageProxies[1], 'the proxy before the queues').repeat(passing);
  if (status !== 201) throw new Error(`Sending a message again was answered ${status}.`);
}

/** Makes a message that was just sent come later. False when somebody has taken it already. */
export async function hideMessage(
  lane: FaultLane,
  passing: Passing,
  { body, seconds }: { readonly body: Buffer; readonly seconds: number },
): Promise<boolean> {
  const [message] = messagesIn(body);
  return message !== undefined && update(lane, passing, { message, seconds });
}

/** Makes a message show again that somebody has just taken. */
export const showMessage = (lane: FaultLane, passing: Passing, message: HeldMessage): Promise<boolean> =>
  update(lane, passing, { message, seconds: 0 });

/** Straight to storage, not through the proxy. */
async function update(
  { stage }: FaultLane,
  passing: Passing,
  { message, seconds }: { readonly message: HeldMessage; readonly seconds: number },
): Promise<boolean> {
  const queues = QueueServiceClient.fromConnectionString(stage.azurite.connectionString);
  const queue = queues.getQueueClient(found(queueOf(passing), 'a queue'));
  try {
    await queue.updateMessage(message.id, message.receipt, undefined, seconds);
    return true;
  } catch {
    return false;
  }
}
