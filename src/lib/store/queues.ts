import { deadline } from './conditions.ts';
import { answerOf, asFailure, guarded } from './failure.ts';
import type { Storage } from './storage.ts';

/** 64 KiB is the service's limit for the encoded text: 48 KiB before base64. */
const MESSAGE_BYTES = 48 * 1024;
/** The service's limit for the time that a message stays invisible. */
const LONGEST_DELAY_SECONDS = 7 * 86_400;

export interface QueueStore {
  /**
   * Sends an object as base64 JSON, as host.json says; it never expires. A delay of more than seven days is cut to seven.
   * @throws RangeError for a message of 48 KiB or more.
   */
  send(queue: string, message: object, options?: { delaySeconds?: number }): Promise<void>;
  /** Messages in the queue, about; 0 for a queue that doesn't exist. */
  approximateCount(queue: string): Promise<number>;
}

/** The app's queues. One that is missing is made by the first message to it. */
export function queueStore({ queues }: Storage): QueueStore {
  const sendText = async (queue: string, text: string, delaySeconds: number) => {
    await queues.getQueueClient(queue).sendMessage(text, {
      abortSignal: deadline(),
      messageTimeToLive: -1,
      visibilityTimeout: Math.min(Math.max(0, Math.ceil(delaySeconds)), LONGEST_DELAY_SECONDS),
    });
  };
  return {
    async send(queue, message, { delaySeconds = 0 } = {}) {
      const bytes = Buffer.from(JSON.stringify(message));
      if (bytes.length >= MESSAGE_BYTES) throw new RangeError('a message must be shorter than 48 KiB');
      const text = bytes.toString('base64');
      try {
        await sendText(queue, text, delaySeconds);
      } catch (error) {
        if (!isMissing(error)) throw asFailure('send message', queue, error);
        await guarded('create queue', queue, () => queues.getQueueClient(queue).createIfNotExists());
        await guarded('send message', queue, () => sendText(queue, text, delaySeconds));
      }
    },
    async approximateCount(queue) {
      try {
        const properties = await queues.getQueueClient(queue).getProperties({ abortSignal: deadline() });
        return properties.approximateMessagesCount ?? 0;
      } catch (error) {
        if (isMissing(error)) return 0;
        throw asFailure('count messages', queue, error);
      }
    },
  };
}

const isMissing = (error: unknown): boolean => answerOf(error)?.status === 404;
