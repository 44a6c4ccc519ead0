import { describe, expect, it, vi } from 'vitest';
import type { Submission } from '../../../src/lib/domain/request.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { crashing, type Moment } from './support/crashing.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { openStage } from './support/stage.ts';
import { planned, runWith, together } from './support/together.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
// Whole requests, many times over: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });
const iterations = { published: 1, trained: 0 };
const sizes = { tags: 1, taggedImages: 2, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 10, iterations };

/** Whole requests take their time: a spread of points in each phase. */
const POINTS = 5;

interface Ended {
  /** Calls that the process under test made in the phase. */
  readonly calls: number;
  readonly crashes: number;
  readonly state: string;
  readonly finals: string[];
  readonly left: string[];
  /** Calls for all images at once. */
  readonly whole: number;
}

/** A request whose process ends at its k-th call in one phase, and is started again. */
async function carriedOut(
  of: { families: Submission['families']; phase: string },
  k: number,
  moment: Moment,
): Promise<Ended> {
  await using stage = await openStage(azurite.storage, {
    world: { resources: [{ projects: [sizes] }] },
    limits: { resendSeconds: 30, roundSeconds: 20, pauseSeconds: 5 },
  });
  const driver = new Driver(stage);
  const requestId = await planned(driver, together(of.families));
  await driver.approve(requestId);
  const faulty = crashing(stage.deps, k, moment);
  await runWith(driver, requestId, async (next, work) => {
    if (next.phase === of.phase && next.stage === 0) driver.deps = faulty.deps;
    await work();
    driver.deps = stage.deps;
  });
  const { state } = await driver.record(requestId);
  const whole = stage.simulator.calls.list.filter(({ query }) => query.includes('allImages')).length;
  const left = of.families === 'all' ? [] : of.families.flatMap((family) => keysIn(stage.resource, family));
  const finals = finalsOf(await ledgersOf(stage, requestId));
  return { calls: faulty.calls, crashes: driver.crashes, state, finals, left, whole };
}

describe.each([
  { families: ['cv-images'], phase: 'clear', what: 'all images of a project by one call' },
  { families: ['cv-images'], phase: 'erase', what: 'what was answered to that call' },
  { families: ['cv-projects'], phase: 'erase', what: 'a project with all that it holds' },
])('The phase $phase of an erasure of $what', (of) => {
  it('comes to the same end wherever the process dies, and never makes the one call twice', async () => {
    const clean = await carriedOut(of, Number.POSITIVE_INFINITY, 'before');
    expect(clean).toMatchObject({ crashes: 0, state: 'completed', left: [] });
    expect(clean.calls).toBeGreaterThan(5);
    const stride = Math.max(1, Math.floor(clean.calls / POINTS));
    for (let k = 0; k < clean.calls; k += stride) {
      const moment = (k / stride) % 2 === 0 ? 'before' : 'after';
      const { crashes, state, finals, left, whole } = await carriedOut(of, k, moment);
      expect({ k, moment, crashes, state, finals, left }).toEqual({
        k,
        moment,
        crashes: 1,
        state: 'completed',
        finals: clean.finals,
        left: [],
      });
      expect(whole).toBeLessThanOrEqual(clean.whole);
    }
  });
});
