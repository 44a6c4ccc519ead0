import { errorClassOf } from '../../domain/error-class.ts';
import type { SweepName } from '../../domain/sweeps.ts';
import { sweepHistory } from './history.ts';
import { sweepOrphans } from './orphans.ts';
import { sweepPolicies } from './policies.ts';
import { sweepResults } from './results.ts';
import { sweepSubjects } from './subjects.ts';
import type { Sweep, Sweeping, SweepOrder, Swept } from './sweep.ts';

/** Every sweep by its name; each may be repeated at any time, and stops when its time is up. */
const SWEEPS = {
  results: sweepResults,
  subjects: sweepSubjects,
  history: sweepHistory,
  orphans: sweepOrphans,
  policies: sweepPolicies,
} as const satisfies Record<SweepName, Sweep>;

/** Runs a sweep and tells in one event what it did, also when it breaks off: then with the error's class, and `more`. @throws what the sweep throws. */
export async function runSweep(deps: Sweeping, name: SweepName, order: SweepOrder): Promise<Swept> {
  const { swept, run } = SWEEPS[name]();
  const tell = (facts: { more: boolean; errorClass?: string }): void =>
    deps.log('sweep', { sweep: name, dryRun: order.dryRun, ...facts, ...swept.counts });
  try {
    await run(deps, order);
  } catch (error) {
    tell({ more: true, errorClass: errorClassOf(error) });
    throw error;
  }
  tell({ more: swept.more });
  return swept;
}
