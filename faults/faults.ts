/** `npm run faults`: breaks things while requests run, and checks how they end. Exit code 1 when something was not as it must be. */
import { writeFile } from 'node:fs/promises';
import { parseFaultArguments } from './arguments.ts';
import { drawRounds } from './draw.ts';
import { playRounds } from './play.ts';
import { resultOf } from './result.ts';
import type { Outcome } from './round/round.ts';
import { FAULTS } from './table/table.ts';
import { missingUnpackers } from './table/unpack.ts';
import { renderResult } from './text.ts';

async function main(words: readonly string[]): Promise<number> {
  const { only, seed, from, lanes, evidence, json, ...given } = parseFaultArguments(words);
  const faults = FAULTS.filter(({ name, group }) => only === undefined || only === name || only === group);
  if (faults.length === 0)
    throw new Error(`No fault is called ${only}. There are: ${FAULTS.map(({ name }) => name).join(', ')}.`);
  const began = Date.now();
  for (const program of missingUnpackers())
    console.log(`${program} is not on this machine: packages are not unpacked with it.`);
  const rounds = drawRounds({ seed, faults, from, rounds: given.rounds ?? faults.length });
  const told = (outcome: Outcome, folder: string | undefined) => console.log(lineOf(outcome, { folder, only }));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const outcomes = await playRounds(rounds, { lanes, evidence, told, stop: stop.signal });
  const result = resultOf(outcomes, { seed, lanes, began });
  console.log(`\n${renderResult(result)}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result, undefined, 2)}\n`);
  return result.defects.length > 0 ? 1 : 0;
}

function lineOf(outcome: Outcome, { folder, only }: { folder: string | undefined; only: string | undefined }): string {
  const { drawn, kind, seconds, struck, state = 'never ended' } = outcome;
  const line = `${String(drawn.number).padStart(4)}  ${drawn.fault.name} on ${drawn.action}: ${kind}, ${state}, struck ${struck} times, ${seconds.toFixed(1)} s`;
  if (outcome.defect === undefined) return line;
  const again = `npm run faults -- --seed ${drawn.seed} --from ${drawn.number} --rounds 1${only === undefined ? '' : ` --only ${only}`}`;
  return `${line}\n      ${outcome.defect.replaceAll('\n', '\n      ')}\n      evidence: ${folder}\n      again: ${again}`;
}

main(process.argv.slice(2)).then(
  // Whoever still waits for a request that never ended has nobody to tell.
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);
