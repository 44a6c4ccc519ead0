import type { SweepName } from '../../domain/sweeps.ts';
import { sweepHistory } from './history.ts';
import { sweepOrphans } from './orphans.ts';
import { sweepPolicies } from './policies.ts';
import { sweepResults } from './results.ts';
import { sweepSubjects } from './subjects.ts';
import type { Sweeping, SweepOrder, Swept } from './sweep.ts';

/** Every sweep by its name; each may be repeated at any time, and stops when its time is up. */
const SWEEPS = {
  results: sweepResults,
  subjects: sweepSubjects,
  history: sweepHistory,
  orphans: sweepOrphans,
  policies: sweepPolicies,
} as const satisfies Record<SweepName, (deps: Sweeping, order: SweepOrder) => Promise<Swept>>;

/** Runs a sweep and tells in one event what it did. */
export async function runSweep(deps: Sweeping, name: SweepName, order: SweepOrder): Promise<Swept> {
  const swept = await SWEEPS[name](deps, order);
  deps.log('sweep', { sweep: name, dryRun: order.dryRun, more: swept.more, ...swept.counts });
  return swept;
}
