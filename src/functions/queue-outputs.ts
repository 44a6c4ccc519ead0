import { type InvocationContext, output, type StorageQueueOutput } from '@azure/functions';
import type { QueueStore } from '../lib/store/queues.ts';

/** Queue outputs of a function by the names of their queues. */
export type QueueOutputs = ReadonlyMap<string, StorageQueueOutput>;

export const outputsTo = (queueNames: readonly string[]): QueueOutputs =>
  new Map(
    queueNames.map((queueName) => [queueName, output.storageQueue({ queueName, connection: 'AzureWebJobsStorage' })]),
  );

interface Invocation {
  readonly outputs: QueueOutputs;
  readonly context: InvocationContext;
}

/**
 * Queues of one invocation. The first message that is due at once to a queue goes through the function's output: the host writes it when the
 * invocation has succeeded, and tells its own listener, which then asks at once and finds what was sent there before too. Of what the
 * app sends by itself the host learns only when it asks next. Whoever uses this must be ready to be run again from the start.
 */
export function firstThroughOutput(queues: QueueStore, { outputs, context }: Invocation): QueueStore {
  const used = new Set<string>();
  return {
    ...queues,
    async send(queue, message, options) {
      const to = outputs.get(queue);
      if (to === undefined || used.has(queue) || (options?.delaySeconds ?? 0) > 0) {
        return queues.send(queue, message, options);
      }
      used.add(queue);
      context.extraOutputs.set(to, message);
    },
  };
}

/**
 * Queues of one invocation that send everything at once, and the first message to a queue through the function's output once more, so that
 * the host's listener asks at once. For messages that may come twice.
 */
export function alsoThroughOutput(queues: QueueStore, { outputs, context }: Invocation): QueueStore {
  return {
    ...queues,
    async send(queue, message, options) {
      await queues.send(queue, message, options);
      const to = outputs.get(queue);
      if (to !== undefined && (options?.delaySeconds ?? 0) === 0) context.extraOutputs.set(to, message);
    },
  };
}
