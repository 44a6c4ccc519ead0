import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DurableHub, DurableHubOptions, FunctionMetadata } from './contract.ts';
import type { HostJson } from './host-json.ts';
import type { HostSettings } from './options.ts';

const DURABLE_TYPES = new Set(['orchestrationTrigger', 'activityTrigger', 'entityTrigger', 'durableClient']);

/** Opens the durable hub when the app has anything durable in it. */
export async function openDurableExtension(
  functions: readonly FunctionMetadata[],
  hostJson: HostJson,
  { settings, log }: { settings: HostSettings; log: (line: string) => void },
): Promise<DurableHub | undefined> {
  const isDurable = functions.some(({ bindings }) =>
    Object.values(bindings).some(({ type }) => DURABLE_TYPES.has(type)),
  );
  if (!isDurable) return undefined;
  const { hubName, maxConcurrentActivityFunctions, maxConcurrentOrchestratorFunctions } =
    hostJson.extensions.durableTask;
  const { openDurableHub }: { openDurableHub: (options: DurableHubOptions) => DurableHub } = await import(
    './durable/hub.ts'
  );
  await mkdir(settings.dataDirectory, { recursive: true });
  return openDurableHub({
    file: join(settings.dataDirectory, `${hubName}.sqlite`),
    taskHubName: hubName,
    systemKey: settings.keys.system,
    maxConcurrentActivities: maxConcurrentActivityFunctions,
    maxConcurrentOrchestrations: maxConcurrentOrchestratorFunctions,
    log,
  });
}
