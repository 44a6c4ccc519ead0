import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { killWorkers } from './support/lane.ts';
import { LanePool } from './support/lane-pool.ts';
import { runLearningToEnd, startLearningLane } from './support/learning-lane.ts';
import { LEARNING_POINTS, LEARNING_SPREAD } from './support/learning-points.ts';
import { ONCE } from './support/points.ts';
import { MOMENTS } from './support/trap.ts';

/** Installations that work side by side. */
const LANES = 2;

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000, hookTimeout: 240_000, maxConcurrency: LANES });

let lanes: LanePool;
beforeAll(async () => {
  lanes = await LanePool.start(LANES, startLearningLane);
});
afterAll(() => lanes?.stop());

const everyPoint = process.env.DSR_ALL_KILL_POINTS === '1';

describe.concurrent.each(['export', 'delete', 'delete a cluster'] as const)('%s', (action) => {
  test('a clean run comes by each numbered point and by no other', () =>
    lanes.use(async (lane) => {
      lane.trap.seen.clear();
      await runLearningToEnd(lane, action);
      const points = [...lane.trap.seen].filter((point) => !ONCE.has(point));
      expect(points.sort()).toEqual([...LEARNING_POINTS[action]].sort());
    }));

  const all = LEARNING_POINTS[action].flatMap((point) => MOMENTS.map((moment) => ({ moment, point })));
  const spread = LEARNING_SPREAD.flatMap(([of, moment, point]) => (of === action ? [{ moment, point }] : []));
  const points = (everyPoint ? all : spread).map((one) => ({
    number: LEARNING_POINTS[action].indexOf(one.point) + 1,
    ...one,
  }));
  test.each(points)('killed at point $number, $moment $point, it ends the same', ({ moment, point }) =>
    lanes.use(async (lane) => {
      lane.trap.arm(point, moment, () => killWorkers(lane));
      await runLearningToEnd(lane, action);
      expect(lane.trap.sprung).toBe(true);
    }),
  );
});
