import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { Invoker } from '../contract.ts';
import type { QueueOptions } from '../host-json.ts';
import { decodeMessage } from './encoding.ts';
import { type QueueFunction, queueInvocation } from './invocation.ts';
import { MessageLease } from './lease.ts';

/** Poison messages live as long as the service's own default. */
const POISON_SECONDS = 7 * 24 * 3600;

export interface QueueProcessing {
  readonly target: QueueFunction;
  readonly queue: QueueClient;
  /** Absent for a queue that is itself a poison queue. */
  readonly poison: (() => Promise<QueueClient>) | undefined;
  readonly options: QueueOptions;
  readonly leaseSeconds: number;
  readonly invoker: Invoker;
  readonly log: (line: string) => void;
  /** Aborted once the host stops. */
  readonly stopping: AbortSignal;
}

/** Carries one message through its function and to its end: deleted, visible again, or poisoned. */
export async function processMessage(processing: QueueProcessing, message: DequeuedMessageItem): Promise<void> {
  const { options, poison } = processing;
  const text = decodeMessage(message.messageText, options.messageEncoding);
  if (text === undefined) return handleUndecodable(processing, message);
  if (poison && message.dequeueCount > options.maxDequeueCount) return moveToPoison(processing, message);

  const lease = new MessageLease(processing.queue, message, { seconds: processing.leaseSeconds, log: processing.log });
  const outcome = await processing.invoker.invoke(queueInvocation(processing.target, text, message));
  const held = { ...message, popReceipt: await lease.end() };
  if (outcome.kind === 'completed') return void (await processing.queue.deleteMessage(held.messageId, held.popReceipt));

  // Our own stop ended the worker: that is no failure of the function.
  if (outcome.kind === 'worker-died' && processing.stopping.aborted) return releaseMessage(processing, held);

  const reason = outcome.kind === 'failed' ? outcome.error.name : 'its worker ended';
  processing.log(
    `[host] ${processing.target.functionName} failed on message ${held.messageId}, try ${held.dequeueCount} of ${options.maxDequeueCount}: ${reason}`,
  );
  return handleFailure(processing, held);
}

/** Visible again at once; the try is counted all the same. */
export async function releaseMessage({ queue }: QueueProcessing, message: DequeuedMessageItem): Promise<void> {
  await queue.updateMessage(message.messageId, message.popReceipt, undefined, 0);
}

async function handleFailure(processing: QueueProcessing, message: DequeuedMessageItem): Promise<void> {
  const { options, poison, queue } = processing;
  // Without a poison queue of its own a message stays invisible until its lease ends: no fast endless loop.
  if (!poison) return;
  if (message.dequeueCount >= options.maxDequeueCount) return moveToPoison(processing, message);
  await queue.updateMessage(message.messageId, message.popReceipt, undefined, options.visibilityTimeout / 1000);
}

/** The function is never called for it. */
async function handleUndecodable(processing: QueueProcessing, message: DequeuedMessageItem): Promise<void> {
  processing.log(`[host] message ${message.messageId} of ${processing.queue.name} isn't base64`);
  if (processing.poison) await moveToPoison(processing, message);
}

async function moveToPoison({ queue, poison, log }: QueueProcessing, message: DequeuedMessageItem): Promise<void> {
  const target = await poison?.();
  if (!target) return;
  // Copied as it is stored; a crash in between leaves two copies, never none.
  await target.sendMessage(message.messageText, { messageTimeToLive: POISON_SECONDS });
  await queue.deleteMessage(message.messageId, message.popReceipt);
  log(
    `[host] message ${message.messageId} of ${queue.name} moved to ${target.name} after ${message.dequeueCount} tries`,
  );
}
