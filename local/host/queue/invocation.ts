import { randomUUID } from 'node:crypto';
import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { Invocation, TypedData } from '../contract.ts';

export interface QueueFunction {
  readonly functionName: string;
  readonly bindingName: string;
}

/** `json` when the text parses, whatever it is (`42` arrives as a number); else `string`. */
export function messageData(text: string): TypedData {
  try {
    JSON.parse(text);
    return { json: text };
  } catch {
    return { string: text };
  }
}

/** What a queue function receives for one message. */
export function queueInvocation(target: QueueFunction, text: string, message?: DequeuedMessageItem): Invocation {
  return {
    invocationId: randomUUID(),
    functionName: target.functionName,
    inputData: [{ name: target.bindingName, data: messageData(text) }],
    triggerMetadata: message === undefined ? {} : triggerMetadata(message),
  };
}

function triggerMetadata(message: DequeuedMessageItem): Record<string, TypedData> {
  const time = (value: Date): TypedData => ({ json: JSON.stringify(value.toISOString().replace('Z', '+00:00')) });
  return {
    Id: { string: message.messageId },
    DequeueCount: { json: String(message.dequeueCount) },
    InsertionTime: time(message.insertedOn),
    ExpirationTime: time(message.expiresOn),
    NextVisibleTime: time(message.nextVisibleOn),
    PopReceipt: { string: message.popReceipt },
  };
}
