import { app, type InvocationContext } from '@azure/functions';
import { input } from 'durable-functions';
import { dependencies } from '../lib/app/composition.ts';
import { sweepSchedule } from '../lib/app/schedules.ts';
import { addSeconds } from '../lib/domain/clock.ts';
import { SWEEP_NAMES, type SweepName } from '../lib/domain/sweeps.ts';
import { runSweep } from '../lib/steps/sweeps/run-sweep.ts';
import type { Swept } from '../lib/steps/sweeps/sweep.ts';
import { historyOf } from './instances.ts';

/** Shorter than a function may run; what is left is done on the next tick. */
const TICK_SECONDS = 240;

/** One run of a sweep. The function needs a durable client input. */
export async function sweep(
  name: SweepName,
  context: InvocationContext,
  how: { seconds: number; dryRun: boolean },
): Promise<Swept> {
  const deps = { ...(await dependencies()), history: historyOf(context) };
  return runSweep(deps, name, { until: addSeconds(deps.clock.now(), how.seconds), dryRun: how.dryRun });
}

/** A timer for each sweep. */
export function registerSweeps(): void {
  for (const name of SWEEP_NAMES) {
    app.timer(`sweep-${name}`, {
      schedule: sweepSchedule(name),
      extraInputs: [input.durableClient()],
      handler: async (_timer, context) => void (await sweep(name, context, { seconds: TICK_SECONDS, dryRun: false })),
    });
  }
}
