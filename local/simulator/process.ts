import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { startSimulator } from './simulator.ts';
import { worldOptionsSchema } from './world/options.ts';

const optionsSchema = z.strictObject({
  port: z.number().int().min(0).default(0),
  world: z
    .custom<z.input<typeof worldOptionsSchema>>((value) => worldOptionsSchema.safeParse(value).success)
    .default({}),
  rateLimit: z
    .union([z.boolean(), z.object({ callsPerSecond: z.number().positive(), burst: z.number().min(1) })])
    .default(true),
  armThrottling: z.boolean().default(true),
  /** Writes a line for each call to standard error. */
  log: z.boolean().default(false),
});

/**
 * The simulator as a process of its own: `node local/simulator/process.ts ['{"world": {…}}' | options.json]`. Prints `ready URL` once it
 * answers; everything else is told by the control API. Ends on SIGTERM, SIGINT, or when the parent's IPC channel closes.
 */
async function main(argument: string | undefined): Promise<void> {
  const text = argument === undefined || argument.startsWith('{') ? argument : await readFile(argument, 'utf8');
  const { log, ...options } = optionsSchema.parse(JSON.parse(text ?? '{}'));
  const simulator = await startSimulator({
    ...options,
    ...(log && { log: (line) => process.stderr.write(`${line}\n`) }),
  });
  const end = () => {
    void simulator.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', end).once('SIGINT', end).once('disconnect', end);
  process.stdout.write(`ready ${simulator.url}\n`);
}

await main(process.argv[2]);
