import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { APP_VERSION } from '../src/lib/domain/version.ts';
import { GROUPS } from './fault.ts';
import type { Outcome } from './round/round.ts';

const count = z.number().int().nonnegative();
const rowSchema = z.object({
  fault: z.string(),
  group: z.enum(GROUPS),
  what: z.string(),
  rounds: count,
  held: count,
  missed: count,
  defects: count,
  /** Of the rounds, in the middle. */
  seconds: z.number(),
  /** How many requests ended in which state. */
  states: z.record(z.string(), count),
});
export type ResultRow = z.output<typeof rowSchema>;

/** What a run of the harness gives: `--json`. */
export const resultSchema = z.object({
  at: z.iso.datetime(),
  seed: z.string(),
  rounds: count,
  lanes: count,
  minutes: z.number(),
  machine: z.object({ processor: z.string(), cores: count, memoryGiB: z.number() }),
  versions: z.record(z.string(), z.string()),
  rows: z.array(rowSchema),
  defects: z.array(z.object({ round: count, fault: z.string(), action: z.string(), defect: z.string() })),
});
export type Result = z.output<typeof resultSchema>;

/** Sums up the rounds of a run that began at a moment (milliseconds since 1970). */
export function resultOf(outcomes: readonly Outcome[], run: { seed: string; lanes: number; began: number }): Result {
  const faults = [...new Set(outcomes.map(({ drawn }) => drawn.fault))];
  const rows = faults
    .map((fault) => rowOf(outcomes.filter(({ drawn }) => drawn.fault === fault)))
    .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || a.fault.localeCompare(b.fault));
  return {
    at: new Date(run.began).toISOString(),
    ...{ seed: run.seed, rounds: outcomes.length, lanes: run.lanes },
    minutes: Math.round((Date.now() - run.began) / 6000) / 10,
    machine: machine(),
    versions: versions(),
    rows,
    defects: outcomes.flatMap(({ drawn, defect }) =>
      defect === undefined ? [] : [{ round: drawn.number, fault: drawn.fault.name, action: drawn.action, defect }],
    ),
  };
}

function rowOf(outcomes: readonly [Outcome, ...Outcome[]] | readonly Outcome[]): ResultRow {
  const [first] = outcomes;
  if (first === undefined) throw new Error('A row has at least one round.');
  const { name, group, what } = first.drawn.fault;
  const kinds = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  const seconds = outcomes.map((outcome) => outcome.seconds).sort((a, b) => a - b);
  const states: Record<string, number> = {};
  for (const { state = 'never ended' } of outcomes) states[state] = (states[state] ?? 0) + 1;
  return {
    ...{ fault: name, group, what, rounds: outcomes.length },
    ...{ held: kinds('held'), missed: kinds('missed'), defects: kinds('defect') },
    seconds: Math.round((seconds[Math.floor(seconds.length / 2)] ?? 0) * 10) / 10,
    states,
  };
}

function machine(): Result['machine'] {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}

const packageSchema = z.object({ version: z.string() });

function versions(): Record<string, string> {
  const find = createRequire(import.meta.url);
  const of = (name: string) =>
    packageSchema.parse(JSON.parse(readFileSync(find.resolve(`${name}/package.json`), 'utf8'))).version;
  return { app: APP_VERSION, commit: commit(), node: process.version, azurite: of('azurite') };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
