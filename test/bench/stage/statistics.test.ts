import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, quantile } from '../../../bench/stage/statistics.ts';

test('the median is in the middle, and between both in the middle of an even number', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test('quantiles lie between the least and the greatest value and grow with the share', () => {
  const values = fc.array(fc.integer(), { minLength: 1 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, share, share, (list, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      expect(quantile(list, low)).toBeGreaterThanOrEqual(Math.min(...list));
      expect(quantile(list, high)).toBeLessThanOrEqual(Math.max(...list));
      expect(quantile(list, low)).toBeLessThanOrEqual(quantile(list, high));
    }),
  );
});

test('of nothing there is no quantile', () => {
  expect(() => median([])).toThrow(RangeError);
});
