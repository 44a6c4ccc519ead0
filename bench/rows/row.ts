import type { Figure, Goal } from '../report/outcome.ts';

/** What every benchmark is given. */
export interface Bench {
  /** A number of items as the command line wants it: 1 is the default size. */
  size(items: number): number;
  /** The app as it is deployed: the file that a worker loads. */
  readonly bundle: string;
  /** What a start loads of it. */
  readonly bundleBytes: number;
  /** The app's source. */
  readonly source: string;
  /** The fan-out app. */
  readonly fanOut: string;
  say(progress: string): void;
  /** Gets the lines of the hosts. */
  log(line: string): void;
}

export interface Measured {
  readonly size: string;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly goals: readonly Goal[];
}

/** One row of the table: measures by itself, with its own reference, and stops everything that it started. */
export interface Row {
  readonly name: string;
  readonly what: string;
  measure(bench: Bench): Promise<Measured>;
}
