import { errorClassOf } from '../../domain/error-class.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { RetentionPeriods } from '../../domain/retention.ts';
import type { RetentionPolicy } from '../../domain/retention-policy.ts';
import type { RequestFiles } from '../../store/request-files.ts';
import type { RequestWalk } from '../../store/request-walk.ts';
import type { SweepPositions } from '../../store/sweep-positions.ts';
import type { Dependencies } from '../dependencies.ts';

/** Everything that sweeps use besides what steps do. */
export interface SweepDependencies extends Dependencies {
  readonly files: RequestFiles;
  readonly walk: RequestWalk;
  readonly positions: SweepPositions;
  readonly periods: RetentionPeriods;
  /** Retention of upstream data. */
  readonly policies: readonly RetentionPolicy[];
}

/** A stretch of time: from the first moment on, before the second. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** The part of the durable client that purging needs: orchestrations that started within a window and have ended. */
export interface History {
  count(window: Window): Promise<number>;
  /** How many were purged. */
  purge(window: Window): Promise<number>;
}

/** What a sweep works with within one invocation. */
export interface Sweeping extends SweepDependencies {
  readonly history: History;
}

export interface SweepOrder {
  /** Nothing is begun after this: the next tick goes on. */
  readonly until: Date;
  /** Says what would be done, and does none of it. */
  readonly dryRun: boolean;
}

/** What a sweep did, or would do. */
export interface Swept {
  readonly counts: Readonly<Record<string, number>>;
  /** Requests that it dealt with, at most as many as are worth naming. */
  readonly requests: readonly RequestId[];
  /** The time was up before the end. */
  readonly more: boolean;
}

export const hasTime = (deps: Pick<SweepDependencies, 'clock'>, { until }: SweepOrder): boolean =>
  deps.clock.now() < until;

const MOST_NAMED = 1000;

/** Sums of a sweep while it goes on. */
export class Tally<K extends string> {
  readonly counts: Record<K, number>;
  readonly requests: RequestId[] = [];
  more = false;

  constructor(counts: Record<K, number>) {
    this.counts = { ...counts };
  }

  name(requestId: RequestId): void {
    if (this.requests.length < MOST_NAMED) this.requests.push(requestId);
  }
}

/** A sweep about to begin; `swept` tells what it has done so far, also when it breaks off. */
export type Sweep = () => {
  readonly swept: Swept;
  run(deps: Sweeping, order: SweepOrder): Promise<void>;
};

/** A sweep that counts from `nothing` on. */
export const sweepOf =
  <K extends string>(
    nothing: Record<K, number>,
    work: (deps: Sweeping, order: SweepOrder, tally: Tally<K>) => Promise<void>,
  ): Sweep =>
  () => {
    const tally = new Tally(nothing);
    return { swept: tally, run: (deps, order) => work(deps, order, tally) };
  };

/** Deals with one request or policy, or one part of a sweep; one that fails is told and left for the next tick, so that it doesn't keep all others waiting. */
export async function safely(
  deps: Pick<SweepDependencies, 'log'>,
  at: { sweep: string; tally: Tally<'failed'> } & ({ requestId: RequestId } | { policy: string } | { part: string }),
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { tally, ...of } = at;
    tally.counts.failed += 1;
    const facts = { ...of, errorClass: errorClassOf(error) };
    if ('requestId' in facts) deps.log('sweep-failed-on', facts);
    else deps.log('sweep-failed-on-part', facts);
  }
}
