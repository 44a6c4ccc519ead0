import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { everyCourse, spreadCourses } from './support/courses.ts';
import { killWorkers, runToEnd, startLane } from './support/lane.ts';
import { LanePool } from './support/lane-pool.ts';
import { ONCE, POINTS } from './support/points.ts';

/** Installations that work side by side. */
const LANES = 2;

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000, maxConcurrency: LANES });

/** Each point by itself at both moments takes hours: only when asked for, else each once, several in one course. */
const coursesOf = process.env.DSR_ALL_KILL_POINTS === '1' ? everyCourse : spreadCourses;

let lanes: LanePool;
beforeAll(async () => {
  lanes = await LanePool.start(LANES, startLane);
});
afterAll(() => lanes?.stop());

describe.each(['export', 'delete'] as const)('%s', (action) => {
  test('a clean run comes by each numbered point and by no other', () =>
    lanes.use(async (lane) => {
      lane.trap.seen.clear();
      await runToEnd(lane, action);
      expect([...lane.trap.seen].filter((point) => !ONCE.has(point)).sort()).toEqual([...POINTS[action]].sort());
    }));

  test.concurrent.each(coursesOf(POINTS[action]))('killed at point $named, it ends the same', ({ strikes }) =>
    lanes.use(async (lane) => {
      lane.trap.arm(strikes, () => killWorkers(lane));
      await runToEnd(lane, action);
      expect(lane.trap.unsprung).toEqual([]);
    }),
  );
});
