import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SimulatorOptions } from '../../local/simulator/simulator.ts';
import type { WorldOptions } from '../../local/simulator/world/options.ts';
import { startProgram } from './processes.ts';

const callsSchema = z.object({
  total: z.number(),
  calls: z.array(
    z.object({
      sequence: z.number(),
      at: z.number(),
      method: z.string(),
      host: z.string(),
      path: z.string(),
      query: z.string(),
      operation: z.string(),
      status: z.number(),
    }),
  ),
});
export type Call = z.infer<typeof callsSchema>['calls'][number];

const aboutSchema = z.object({
  identity: z.object({ endpoint: z.string(), header: z.string() }),
  resources: z.array(z.object({ name: z.string(), host: z.string(), keys: z.array(z.string()) })),
});
export type About = z.infer<typeof aboutSchema>;

/** The upstream services in a process of their own. */
export interface Upstream {
  readonly url: string;
  readonly pid: number;
  readonly about: About;
  /** Calls since the one with this number, in order; the simulator keeps the latest 50,000. */
  callsSince(sequence: number): Promise<{ total: number; calls: Call[] }>;
  stop(): Promise<void>;
}

export interface UpstreamOptions {
  readonly world: WorldOptions;
  readonly rateLimit?: SimulatorOptions['rateLimit'];
}

export async function startUpstream(folder: string, { world, rateLimit = false }: UpstreamOptions): Promise<Upstream> {
  const file = join(folder, 'simulator.json');
  await writeFile(file, JSON.stringify({ world, rateLimit, armThrottling: rateLimit !== false }));
  const program = await startProgram([join(import.meta.dirname, '../../local/simulator/process.ts'), file]);
  const url = program.ready;
  const about = aboutSchema.parse(await (await fetch(`${url}/_simulator`)).json());
  return {
    url,
    pid: program.pid,
    about,
    callsSince: async (sequence) =>
      callsSchema.parse(await (await fetch(`${url}/_simulator/calls?since=${sequence}`)).json()),
    stop: () => program.stop(),
  };
}
