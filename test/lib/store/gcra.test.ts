import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRESH_PACE, type Grant, grantCalls, type PaceLimits } from '../../../src/lib/store/gcra.ts';
import { overfullWindow } from './support/windows.ts';

const limits = fc.record({ perSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 20 }) });
const ask = fc.record({
  afterMs: fc.integer({ min: 0, max: 3000 }),
  calls: fc.integer({ min: 1, max: 100 }),
  pauseMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { freq: 8 }),
});

const timesOf = ({ startAt, atOnce, intervalMs, calls }: Grant): number[] =>
  Array.from({ length: calls }, (_, call) => startAt + Math.max(0, call + 1 - atOnce) * intervalMs);

describe('pace', () => {
  it('grants in no window of time more than the burst and what the rate adds, and nothing in a pause', () => {
    fc.assert(
      fc.property(limits, fc.array(ask, { maxLength: 30 }), (pace: PaceLimits, asks) => {
        let state = FRESH_PACE;
        let now = 1_000_000;
        const times: number[] = [];
        for (const { afterMs, calls, pauseMs } of asks) {
          now += afterMs;
          if (pauseMs !== null) state = { ...state, pausedUntil: Math.max(state.pausedUntil, now + pauseMs) };
          const { state: after, grant } = grantCalls(state, pace, { now, calls, horizonMs: 15_000 });
          expect(grant.calls).toBeGreaterThanOrEqual(1);
          expect(grant.calls).toBeLessThanOrEqual(calls);
          expect(grant.startAt).toBeGreaterThanOrEqual(Math.max(now, after.pausedUntil));
          times.push(...timesOf(grant));
          state = after;
        }
        expect(overfullWindow(times, pace)).toBeUndefined();
      }),
    );
  });

  it('wastes nothing: what is asked for without a break goes at the rate', () => {
    fc.assert(
      fc.property(limits, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (pace, asks) => {
        let state = FRESH_PACE;
        const now = 1_000_000;
        let granted = 0;
        let last = now;
        for (const calls of asks) {
          const { state: after, grant } = grantCalls(state, pace, { now, calls, horizonMs: 15_000 });
          granted += grant.calls;
          last = Math.max(last, ...timesOf(grant));
          state = after;
        }
        expect(last - now).toBeLessThanOrEqual((granted * 1000) / pace.perSecond + 1e-6);
      }),
    );
  });

  it('grants one call at a time when it is far ahead', () => {
    const crowded = { tat: 101_000, pausedUntil: 0 };
    const { grant } = grantCalls(crowded, { perSecond: 10, burst: 1 }, { now: 1000, calls: 10, horizonMs: 15_000 });
    expect(grant).toEqual({ startAt: 101_000, atOnce: 1, intervalMs: 100, calls: 1 });
  });

  it('grants at once what a silence has left of the burst: a gap is made up for', () => {
    const pace = { perSecond: 10, burst: 7 };
    const ask = { now: 100_000, calls: 10, horizonMs: 15_000 };
    const fresh = grantCalls(FRESH_PACE, pace, ask);
    expect(fresh.grant).toEqual({ startAt: 100_000, atOnce: 7, intervalMs: 100, calls: 10 });
    expect(grantCalls(fresh.state, pace, { ...ask, now: 100_900 }).grant).toMatchObject({
      startAt: 100_900,
      atOnce: 6,
    });
    expect(grantCalls(fresh.state, pace, { ...ask, now: 100_300 }).grant).toMatchObject({
      startAt: 100_400,
      atOnce: 1,
    });
  });

  it('begins after a pause without a burst', () => {
    const paused = { tat: 0, pausedUntil: 5000 };
    const pace = { perSecond: 10, burst: 10 };
    const first = grantCalls(paused, pace, { now: 1000, calls: 1, horizonMs: 15_000 });
    const second = grantCalls(first.state, pace, { now: 1000, calls: 1, horizonMs: 15_000 });
    expect([first.grant.startAt, second.grant.startAt]).toEqual([5000, 5100]);
  });
});
