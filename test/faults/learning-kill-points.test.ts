import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { courseOf, everyCourse } from './support/courses.ts';
import { killWorkers } from './support/lane.ts';
import { LanePool } from './support/lane-pool.ts';
import { runLearningToEnd, startLearningLane } from './support/learning-lane.ts';
import { LEARNING_ACTIONS, LEARNING_POINTS, LEARNING_SPREAD } from './support/learning-points.ts';
import { ONCE } from './support/points.ts';

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

describe.concurrent.each(LEARNING_ACTIONS)('%s', (action) => {
  test('a clean run comes by each numbered point and by no other', () =>
    lanes.use(async (lane) => {
      lane.trap.seen.clear();
      await runLearningToEnd(lane, action);
      const points = [...lane.trap.seen].filter((point) => !ONCE.has(point));
      expect(points.sort()).toEqual([...LEARNING_POINTS[action]].sort());
    }));

  const points = LEARNING_POINTS[action];
  const courses = everyPoint ? everyCourse(points) : [courseOf(points, LEARNING_SPREAD[action])];
  test.each(courses)('killed at point $named, it ends the same', ({ strikes }) =>
    lanes.use(async (lane) => {
      lane.trap.arm(strikes, () => killWorkers(lane));
      await runLearningToEnd(lane, action);
      expect(lane.trap.unsprung).toEqual([]);
    }),
  );
});
