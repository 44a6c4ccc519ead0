import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { killWorkers, type Lane, runToEnd, startLane } from './support/lane.ts';
import { ONCE, POINTS } from './support/points.ts';
import { MOMENTS } from './support/trap.ts';

/** Installations that work side by side. */
const LANES = 2;

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000, maxConcurrency: LANES });

const everyPoint = process.env.DSR_ALL_KILL_POINTS === '1';
const free: Lane[] = [];
const waiting: ((lane: Lane) => void)[] = [];
let all: Lane[] = [];
beforeAll(async () => {
  all = await Promise.all(Array.from({ length: LANES }, startLane));
  free.push(...all);
});
afterAll(() => Promise.all(all.map(({ stage }) => stage.stop())));

/** Has the work done on a lane that nobody else is on. */
async function onLane(work: (lane: Lane) => Promise<void>): Promise<void> {
  const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
  try {
    await work(lane);
  } finally {
    const next = waiting.shift();
    if (next) next(lane);
    else free.push(lane);
  }
}

/**
 * Each point takes some seconds: all of them at both moments only when asked for (`DSR_ALL_KILL_POINTS=1`), else a spread over both
 * moments: one place in four of an export, one in five of an erasure.
 */
const isInSpread = (action: 'export' | 'delete', index: number): boolean =>
  action === 'export' ? (index + (index >> 2)) % 4 === 0 : index % 5 === 0;

describe.each(['export', 'delete'] as const)('%s', (action) => {
  test('a clean run comes by each numbered point and by no other', () =>
    onLane(async ({ stage, trap }) => {
      trap.seen.clear();
      await runToEnd({ stage, trap }, action);
      expect([...trap.seen].filter((point) => !ONCE.has(point)).sort()).toEqual([...POINTS[action]].sort());
    }));

  const numbered = POINTS[action].flatMap((point, index) =>
    MOMENTS.map((moment) => ({ number: index + 1, moment, point })),
  );
  const points = numbered.filter((_, index) => everyPoint || isInSpread(action, index));
  test.concurrent.each(points)(
    'killed at point $number, $moment $point, it ends the same',

    ({ moment, point }) =>
      onLane(async (lane) => {
        lane.trap.arm(point, moment, () => killWorkers(lane));
        await runToEnd(lane, action);
        expect(lane.trap.sprung).toBe(true);
      }),
  );
});
