import { expect, test } from 'vitest';
import { inLanes } from '../../../bench/reference/lanes.ts';

test('everything is done once, and never more at a time than there are lanes', async () => {
  const done: number[] = [];
  let now = 0;
  let most = 0;
  const all = Array.from({ length: 20 }, (_, index) => index);
  await inLanes(all, 3, async (one, index) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    expect(one).toBe(index);
    done.push(one);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual(all);
  expect(most).toBe(3);
});

test('the first failure is told', async () => {
  const failing = inLanes([1, 2, 3], 2, async (one) => {
    if (one === 2) throw new Error('two');
  });
  await expect(failing).rejects.toThrow('two');
});
