import { parseArgs } from 'node:util';

const USAGE = `usage: npm run faults -- [--rounds N] [--seed S] [--only NAME] [--from N] [--lanes N] [--json FILE] [--evidence DIR]

  --rounds N      rounds to play (one for each fault)
  --seed S        what is drawn follows from it (1)
  --only NAME     this fault only, or this group of faults
  --from N        number of the first round (1): a round that failed is repeated with its seed and its number
  --lanes N       installations side by side (2)
  --json FILE     the result as JSON
  --evidence DIR  where rounds that failed leave what they saw (.faults)`;

export interface FaultArguments {
  readonly rounds: number | undefined;
  readonly seed: string;
  readonly only: string | undefined;
  readonly from: number;
  readonly lanes: number;
  readonly json: string | undefined;
  readonly evidence: string;
}

/** What the command line says. @throws Error with the usage for anything else. */
export function parseFaultArguments(words: readonly string[]): FaultArguments {
  try {
    const text = { type: 'string' } as const;
    const options = { rounds: text, seed: text, only: text, from: text, lanes: text, json: text, evidence: text };
    const { values } = parseArgs({ args: [...words], options });
    return {
      rounds: values.rounds === undefined ? undefined : whole('--rounds', values.rounds),
      seed: values.seed ?? '1',
      only: values.only,
      from: whole('--from', values.from ?? '1'),
      lanes: whole('--lanes', values.lanes ?? '2'),
      json: values.json,
      evidence: values.evidence ?? '.faults',
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} takes a whole number from 1.`);
  return value;
}
