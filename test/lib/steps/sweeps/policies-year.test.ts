import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Project, StoredPrediction } from '../../../../local/simulator/world/model.ts';
import type { RetentionPolicy } from '../../../../src/lib/domain/retention-policy.ts';
import { runSweep } from '../../../../src/lib/steps/sweeps/run-sweep.ts';
import { Driver } from '../support/driver.ts';
import { order, useSweeps } from '../support/sweeping.ts';

const sizes = { tags: 1, taggedImages: 0, untaggedImages: 0, deletedImages: 0, exports: 0, predictions: 1 };
const here = useSweeps({
  world: { resources: [{ projects: [{ ...sizes, imageBytes: 10 }] }] },
  limits: { patienceSeconds: 600, proofSeconds: 600, pauseSeconds: 5, roundSeconds: 60, resendSeconds: 1e6 },
});
const DAY_MILLISECONDS = 86_400_000;
const LIMIT_DAYS = 90;
/** Between two ticks of the policy. */
const STEP_DAYS = 30;
const TICKS = 12;

function project(): Project {
  const [one] = here.stage.resource.projects.values();
  if (!one) throw new Error('The world has no project.');
  return one;
}

/** Ages when the policy's request is made, in milliseconds: anything up to half a year, and whatever lies close to the limit. */
const age = fc.oneof(
  fc.integer({ min: 0, max: 2 * LIMIT_DAYS * DAY_MILLISECONDS }),
  fc.integer({ min: -2000, max: 2000 }).map((near) => LIMIT_DAYS * DAY_MILLISECONDS + near),
  fc.constantFrom(-1, 0, 1).map((near) => LIMIT_DAYS * DAY_MILLISECONDS + near),
);
const ages = (seed: number): number[] => fc.sample(age, { numRuns: 25, seed });

describe('A policy over a simulated year', () => {
  it('takes what is older than its limit at each tick, and never anything younger', async () => {
    const policy: RetentionPolicy = {
      name: 'old-predictions',
      target: here.stage.target.name,
      family: 'cv-predictions',
      olderThanDays: LIMIT_DAYS,
      approval: 'policy',
      everyDays: STEP_DAYS,
    };
    const { predictions } = project();
    const [template] = predictions.values();
    if (!template) throw new Error('The world has no prediction.');
    predictions.clear();
    const gone: StoredPrediction[] = [];
    for (let tick = 0; tick < TICKS; tick += 1) {
      const now = here.deps.clock.now().getTime();
      for (const old of ages(tick)) {
        const id = crypto.randomUUID();
        predictions.set(id, { ...template, id, created: now - old });
      }
      const before = [...predictions.values()];
      const limit = now - LIMIT_DAYS * DAY_MILLISECONDS;
      const { requests } = await runSweep({ ...here.deps, policies: [policy] }, 'policies', order(here.deps));
      const [requestId] = requests;
      if (requests.length !== 1 || requestId === undefined) throw new Error(`${requests.length} requests were made.`);
      expect((await new Driver(here.stage).toTheEnd(requestId)).state).toBe('completed');
      gone.push(...before.filter(({ id }) => !predictions.has(id)));
      expect(before.filter(({ id, created }) => !predictions.has(id) && created >= limit)).toEqual([]);
      // What is older by a second is certainly older, however finely upstream writes its times.
      expect([...predictions.values()].filter(({ created }) => created < limit - 1000)).toEqual([]);
      here.stage.clock.turnTo(new Date(now + STEP_DAYS * DAY_MILLISECONDS));
    }
    expect(gone.length).toBeGreaterThan(TICKS * 8);
    expect(predictions.size).toBeGreaterThan(20);
  }, 120_000);
});
