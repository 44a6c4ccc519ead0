import { app, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { input } from 'durable-functions';
import { dependencies } from '../lib/app/composition.ts';
import { problem } from '../lib/app/problem.ts';
import { sweepSchedule } from '../lib/app/schedules.ts';
import { addSeconds } from '../lib/domain/clock.ts';
import { isSweepName, runSweep, SWEEP_NAMES, type SweepName } from '../lib/steps/sweeps/run-sweep.ts';
import type { Swept } from '../lib/steps/sweeps/sweep.ts';
import { json, requestHref } from './http-answers.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalidFields } from './http-faults.ts';
import { historyOf } from './instances.ts';

/** Shorter than a function may run; what is left is done on the next tick. */
const TICK_SECONDS = 240;
/** Shorter than a client waits for an answer (230 s on Azure). */
const HAND_SECONDS = 120;

async function sweep(
  name: SweepName,
  context: InvocationContext,
  how: { seconds: number; dryRun: boolean },
): Promise<Swept> {
  const deps = { ...(await dependencies()), history: historyOf(context) };
  return runSweep(deps, name, { until: addSeconds(deps.clock.now(), how.seconds), dryRun: how.dryRun });
}

async function byHand({ request, actor, context }: Call): Promise<HttpResponseInit> {
  if (!actor.named) return problem('unnamed-caller', { detail: 'Only a key that the operator has named may sweep.' });
  const name = request.params.name ?? '';
  if (!isSweepName(name)) return problem('not-found', { detail: `There are the sweeps ${SWEEP_NAMES.join(', ')}.` });
  const asked = request.query.get('dryRun') ?? 'false';
  if (asked !== 'true' && asked !== 'false') {
    return invalidFields('query', [{ field: 'dryRun', message: 'is true or false' }]);
  }
  const dryRun = asked === 'true';
  const { counts, requests, more } = await sweep(name, context, { seconds: HAND_SECONDS, dryRun });
  const named = requests.map((requestId) => ({ requestId, href: requestHref(requestId) }));
  return json(200, { sweep: name, dryRun, counts, more, requests: named });
}

/** A timer for each sweep, and `POST /api/sweeps/{name}?dryRun=…`. */
export function registerSweeps(): void {
  for (const name of SWEEP_NAMES) {
    app.timer(`sweep-${name}`, {
      schedule: sweepSchedule(name),
      extraInputs: [input.durableClient()],
      handler: async (_timer, context) => void (await sweep(name, context, { seconds: TICK_SECONDS, dryRun: false })),
    });
  }
  const route = { name: 'runSweep', method: 'POST', path: 'sweeps/{name}', roles: ['Dsr.Operate'], durable: true } as const;
  registerRoute({ ...route, answer: byHand });
}
