import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Stage } from '../stage/stage.ts';

const LOOK_MILLISECONDS = 20;
const startedSchema = z.object({ statusQueryGetUri: z.url() });
const statusSchema = z.object({ runtimeStatus: z.string(), output: z.unknown() });

export interface Orchestrated {
  readonly seconds: number;
  readonly output: unknown;
}

/** Starts an orchestration over the durable HTTP API and waits for its end. @throws unless it has completed. */
export async function orchestrate(stage: Stage, name: string, input: unknown): Promise<Orchestrated> {
  const began = performance.now();
  const answer = await fetch(`${stage.url}/runtime/webhooks/durabletask/orchestrators/${name}?code=system-key`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const { statusQueryGetUri } = startedSchema.parse(await answer.json());
  for (;;) {
    const { runtimeStatus, output } = statusSchema.parse(await (await fetch(statusQueryGetUri)).json());
    if (runtimeStatus === 'Completed') return { seconds: (performance.now() - began) / 1000, output };
    if (!['Pending', 'Running'].includes(runtimeStatus)) throw new Error(`${name} ended as ${runtimeStatus}`);
    await pause(LOOK_MILLISECONDS);
  }
}

const instancesSchema = z.array(z.object({ instanceId: z.string() }));
const historySchema = z.object({ historyEvents: z.array(z.unknown()) });

/** Events in the longest history of all orchestrations so far, as the status API shows them. */
export async function longestHistory(stage: Stage): Promise<number> {
  const instances = `${stage.url}/runtime/webhooks/durabletask/instances`;
  const read = async (url: string): Promise<unknown> => (await fetch(`${url}code=system-key`)).json();
  let longest = 0;
  for (const { instanceId } of instancesSchema.parse(await read(`${instances}?top=1000&`))) {
    const history = await read(`${instances}/${encodeURIComponent(instanceId)}?showHistory=true&`);
    longest = Math.max(longest, historySchema.parse(history).historyEvents.length);
  }
  return longest;
}
