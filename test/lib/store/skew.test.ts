import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSkew } from '../../../src/lib/store/skew.ts';

const toWholeSecond = (time: number) => new Date(Math.floor(time / 1000) * 1000);
const exchange = fc.record({
  afterMs: fc.integer({ min: 0, max: 10_000 }),
  thereMs: fc.integer({ min: 0, max: 2000 }),
  backMs: fc.integer({ min: 0, max: 2000 }),
});
const exchanges = fc.array(exchange, { minLength: 1, maxLength: 30 });

/** Lets a machine whose clock is `slowMs` behind the service's look at its answers. */
function observed(slowMs: number, asked: { afterMs: number; thereMs: number; backMs: number }[]) {
  const skew = clockSkew();
  let time = 1_700_000_000_000;
  for (const { afterMs, thereMs, backMs } of asked) {
    const sent = time + afterMs;
    time = sent + thereMs + backMs;
    skew.observe({ sentAt: sent - slowMs, receivedAt: time - slowMs, answeredAt: toWholeSecond(sent + thereMs) });
  }
  return skew;
}

describe('the skew of our clock', () => {
  it('is none as long as nothing speaks against it', () => {
    fc.assert(
      fc.property(exchanges, (asked) => {
        expect(observed(0, asked).offset()).toBe(0);
      }),
    );
  });

  it('is never corrected beyond what it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), exchanges, (slowMs, asked) => {
        const offset = observed(slowMs, asked).offset();
        expect(Math.abs(offset)).toBeLessThanOrEqual(Math.abs(slowMs));
        expect(offset * slowMs).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is known to a second and the time of the quickest answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), exchanges, (slowMs, asked) => {
        const quickest = Math.min(...asked.map(({ thereMs, backMs }) => thereMs + backMs));
        expect(Math.abs(observed(slowMs, asked).offset() - slowMs)).toBeLessThanOrEqual(1000 + quickest);
      }),
    );
  });

  it('is learned anew when a clock was set meanwhile', () => {
    const skew = clockSkew();
    const observe = (at: number, behind: number) =>
      skew.observe({ sentAt: at - behind, receivedAt: at - behind, answeredAt: toWholeSecond(at) });
    observe(1_700_000_000_000, 0);
    observe(1_700_000_010_000, 60_000);
    expect(skew.offset()).toBeGreaterThanOrEqual(59_000);
    observe(1_700_000_020_000, 0);
    expect(skew.offset()).toBeLessThanOrEqual(1000);
  });
});
