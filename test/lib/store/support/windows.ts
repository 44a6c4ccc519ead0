import type { PaceLimits } from '../../../../src/lib/store/gcra.ts';

/** The first window of time in which more calls begin than burst + rate × its length, if there is one. Times are milliseconds. */
export function overfullWindow(
  times: readonly number[],
  { perSecond, burst }: PaceLimits,
): { from: number; to: number; calls: number } | undefined {
  const sorted = times.toSorted((a, b) => a - b);
  for (const [first, from] of sorted.entries()) {
    for (const [index, to] of sorted.slice(first).entries()) {
      const calls = index + 1;
      // Sums of fractions of milliseconds are not exact.
      if (calls > burst + ((to - from) * perSecond) / 1000 + 1e-6) return { from, to, calls };
    }
  }
  return undefined;
}
