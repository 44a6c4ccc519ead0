import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { figure } from '../report/outcome.ts';
import { median } from '../stage/statistics.ts';
import type { Row } from './row.ts';

const ROUNDS = 7;
const program = join(import.meta.dirname, '../reference/load-app.ts');
const loadedSchema = z.object({ milliseconds: z.number(), cpuMilliseconds: z.number(), mebibytes: z.number() });
const run = promisify(execFile);

export const coldStart: Row = {
  name: 'cold-start',
  what: 'A new process loads the app: all functions registered, nothing asked yet',
  async measure(bench) {
    const bundle = await loads(bench.bundle);
    bench.say(`bundle ${bundle.milliseconds.toFixed(0)} ms`);
    const source = await loads(bench.source);
    bench.say(`source ${source.milliseconds.toFixed(0)} ms`);
    return {
      size: `the bundle's start is ${(bench.bundleBytes / 1e6).toFixed(1)} MB`,
      rounds: ROUNDS,
      figures: [
        figure('bundle', bundle.milliseconds, 'ms'),
        figure('unbundled', source.milliseconds, 'ms'),
        figure('bundle, processor time', bundle.cpuMilliseconds, 'ms'),
        figure('unbundled, processor time', source.cpuMilliseconds, 'ms'),
        figure('bundle, memory', bundle.mebibytes, 'MiB'),
        figure('unbundled, memory', source.mebibytes, 'MiB'),
        figure('ratio', source.milliseconds / bundle.milliseconds),
      ],
      goals: [],
    };
  },
};

async function loads(entry: string) {
  const all: z.infer<typeof loadedSchema>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', program, entry]);
    all.push(loadedSchema.parse(JSON.parse(stdout)));
  }
  const middle = (of: (one: (typeof all)[number]) => number) => median(all.map(of));
  return {
    milliseconds: middle(({ milliseconds }) => milliseconds),
    cpuMilliseconds: middle(({ cpuMilliseconds }) => cpuMilliseconds),
    mebibytes: middle(({ mebibytes }) => mebibytes),
  };
}
