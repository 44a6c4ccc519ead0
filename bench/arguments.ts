import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** Names of the rows to measure; all when empty. */
  readonly only: readonly string[];
  /** Where the report is written as JSON. */
  readonly json?: string;
  /** Sizes are multiplied by it: 1 is what docs/PERFORMANCE.md shows. */
  readonly scale: number;
  /** Shows the log of the hosts. */
  readonly verbose: boolean;
}

/** What the command line says. @throws Error that names what is wrong, and the rows that there are. */
export function parseBenchArguments(words: readonly string[], names: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      scale: { type: 'string', default: '1' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const only = values.only.flatMap((list) => list.split(','));
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}. --only takes: ${names.join(', ')}`);
  const scale = Number(values.scale);
  if (!(scale > 0)) throw new Error('--scale takes a number above 0.');
  return { only, scale, verbose: values.verbose, ...(values.json === undefined ? {} : { json: values.json }) };
}
