import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** `hh:mm:ss`, with optional days in front and fractions behind, as .NET's TimeSpan; in milliseconds. */
export const timeSpan = z
  .string()
  .regex(/^(?:\d+\.)?\d{1,2}:\d{2}:\d{2}(?:\.\d{1,7})?$/, 'must be a time span such as 00:00:30')
  .transform((text) => {
    const [clock = '', days = '0'] =
      text.includes('.') && text.indexOf('.') < text.indexOf(':')
        ? [text.slice(text.indexOf('.') + 1), text.slice(0, text.indexOf('.'))]
        : [text];
    const [hours = '0', minutes = '0', seconds = '0'] = clock.split(':');
    return Math.round(((Number(days) * 24 + Number(hours)) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
  });

const queues = z
  .looseObject({
    batchSize: z.int().min(1).max(32).default(16),
    newBatchThreshold: z.int().min(0).exactOptional(),
    maxDequeueCount: z.int().min(1).default(5),
    visibilityTimeout: timeSpan.prefault('00:00:00'),
    maxPollingInterval: timeSpan.prefault('00:01:00'),
    messageEncoding: z.enum(['base64', 'none']).default('base64'),
  })
  .transform((given) => ({
    ...given,
    newBatchThreshold: given.newBatchThreshold ?? Math.floor((given.batchSize / 2) * availableParallelism()),
  }));

const hostJson = z.looseObject({
  version: z.literal('2.0'),
  /** Absent is 30 minutes as on every plan but Consumption; `-1` is without end. */
  functionTimeout: z.union([z.literal('-1').transform(() => undefined), timeSpan]).prefault('00:30:00'),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queues.prefault({}),
      durableTask: z
        .looseObject({
          hubName: z.string().default('TestHubName'),
          maxConcurrentActivityFunctions: z.int().min(1).default(10),
          maxConcurrentOrchestratorFunctions: z.int().min(1).default(10),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type HostJson = z.output<typeof hostJson>;
export type QueueOptions = HostJson['extensions']['queues'];

/**
 * Reads host.json with the genuine host's defaults.
 * @throws with the file's name and what is wrong in it.
 */
export async function readHostJson(appRoot: string): Promise<HostJson> {
  const file = join(appRoot, 'host.json');
  const parsed = hostJson.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
