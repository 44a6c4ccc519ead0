/**
 * `npm run bench [-- --only NAME,…] [--scale F] [--json FILE]`: measures the app on this machine, each benchmark beside its own reference.
 * A benchmark that fails says so, and the others go on.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../scripts/build-app.ts';
import { parseBenchArguments } from './arguments.ts';
import { thisMachine } from './report/machine.ts';
import type { Outcome, Report } from './report/outcome.ts';
import { outcomeText } from './report/text.ts';
import { ROWS } from './rows/all.ts';
import type { Bench, Row } from './rows/row.ts';

const root = join(import.meta.dirname, '..');

async function main(): Promise<boolean> {
  const given = parseBenchArguments(
    process.argv.slice(2),
    ROWS.map(({ name }) => name),
  );
  const machine = thisMachine();
  console.log(`${machine.cores} × ${machine.processor}, load ${machine.loadBefore.toFixed(1)}, ${machine.commit}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'bench-app-'));
  try {
    const apps = await builtApps(folder);
    const rows: Outcome[] = [];
    for (const row of ROWS.filter(({ name }) => given.only.length === 0 || given.only.includes(name))) {
      const bench: Bench = {
        ...apps,
        size: (items) => Math.max(1, Math.round(items * given.scale)),
        say: (progress) => console.log(`  ${row.name}: ${progress}`),
        log: given.verbose ? (line) => console.error(line) : () => {},
      };
      const outcome = await measured(row, bench);
      console.log(`${outcomeText(outcome)}\n`);
      rows.push(outcome);
      const report: Report = { v: 1, machine, scale: given.scale, rows };
      // After each row: what was measured isn't lost with a later one.
      if (given.json !== undefined) await writeFile(given.json, `${JSON.stringify(report, undefined, 2)}\n`);
    }
    return rows.every(({ failure }) => failure === undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function builtApps(folder: string): Promise<Pick<Bench, 'bundle' | 'bundleBytes' | 'source' | 'fanOut'>> {
  const build = async (name: string, more: { entryPoint?: string } = {}) => {
    const outputFolder = join(folder, name);
    const { entry, bytes } = await buildApp({ root, outputFolder, ...more });
    return { bytes, entry: join(outputFolder, entry) };
  };
  const app = await build('app');
  const fanOut = await build('fan-out', { entryPoint: join(root, 'bench/reference/fan-out-app.ts') });
  return {
    bundle: app.entry,
    bundleBytes: app.bytes,
    source: join(root, 'src/functions/main.ts'),
    fanOut: fanOut.entry,
  };
}

async function measured(row: Row, bench: Bench): Promise<Outcome> {
  const { name, what } = row;
  const began = performance.now();
  const took = () => (performance.now() - began) / 1000;
  try {
    const { size, rounds, figures, goals } = await row.measure(bench);
    return { name, what, size, rounds, figures: [...figures], goals: [...goals], took: took() };
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { name, what, size: '', rounds: 0, figures: [], goals: [], took: took(), failure };
  }
}

process.exitCode = (await main()) ? 0 : 1;
