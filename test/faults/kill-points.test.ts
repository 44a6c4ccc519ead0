import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killWorkers, type Lane, runToEnd, startLane } from './support/lane.ts';
import { POINTS } from './support/points.ts';
import { MOMENTS } from './support/trap.ts';

/** Installations that work side by side. */
const LANES = 2;
/** Each point takes a few seconds: all of them only when asked for, else a fixed spread over points and moments. */
const everyPoint = process.env.DSR_ALL_KILL_POINTS === '1';
const SPREAD = { export: 2, delete: 3 };
const LIMIT = { timeout: 170_000 };

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

describe.each(['export', 'delete'] as const)('%s', (action) => {
  test('a clean run comes by each numbered point and by no other', LIMIT, () =>
    onLane(async ({ stage, trap }) => {
      trap.seen.clear();
      await runToEnd({ stage, trap }, action);
      expect([...trap.seen].sort()).toEqual([...POINTS[action]].sort());
    }),
  );

  const numbered = POINTS[action].flatMap((point, index) =>
    MOMENTS.map((moment) => ({ number: index + 1, moment, point })),
  );
  // The moments take turns where points are left out: neighbours are two apart.
  const points = numbered.filter((_, index) => everyPoint || (index + (index >> 1)) % SPREAD[action] === 0);
  test.concurrent.each(points)(
    'killed at point $number, $moment $point, it ends the same',
    LIMIT,
    ({ moment, point }) =>
      onLane(async (lane) => {
        lane.trap.arm(point, moment, () => killWorkers(lane));
        await runToEnd(lane, action);
        expect(lane.trap.sprung).toBe(true);
      }),
  );
});
