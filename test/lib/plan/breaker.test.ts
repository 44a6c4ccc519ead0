import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../../src/lib/domain/clock.ts';
import {
  afterFailure,
  isEnough,
  longer,
  pausedNow,
  type Series,
  type Sight,
  withProbe,
} from '../../../src/lib/plan/breaker.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const limits = { firstSeconds: 30, ceilingSeconds: 600 };
type Failure = Exclude<Sight, { kind: 'well' }>;
const failure = (kind: Failure['kind'], place = '/a'): Failure => ({ kind, because: `it is ${kind}`, place });

/** Failures one after another, so many seconds apart; whether the last of them pauses the target. */
function pauses(failures: readonly Failure[], apart: number): boolean {
  let series: Series | undefined;
  failures.forEach((one, index) => {
    series = longer(series, one, addSeconds(NOW, index * apart));
  });
  return series !== undefined && isEnough(series, addSeconds(NOW, (failures.length - 1) * apart), limits);
}

describe('A target is paused', () => {
  it.each<[string, Failure[], number, boolean]>([
    ['when nothing answers for a while', Array.from({ length: 5 }, () => failure('down')), 3, true],
    ['not for what passes within seconds', Array.from({ length: 50 }, () => failure('down')), 0.1, false],
    ['not for a few failures', Array.from({ length: 4 }, () => failure('down')), 100, false],
    ['not because one thing always fails', Array.from({ length: 99 }, () => failure('failed')), 60, false],
    ['when different things fail', ['/a', '/b', '/a', '/b', '/c'].map((place) => failure('failed', place)), 5, true],
    ['at the second refused sign-in', [failure('sign-in'), failure('sign-in')], 1, true],
  ])('%s', (_, failures, apart, expected) => {
    expect(pauses(failures, apart)).toBe(expected);
  });
});

describe('A pause', () => {
  it('lets one try when the wait is over, and nobody before', () => {
    const pause = pausedNow('it is down', NOW, limits);
    expect(withProbe(pause, addSeconds(NOW, 29), limits)).toBeUndefined();
    const probed = withProbe(pause, addSeconds(NOW, 30), limits);
    expect(probed).toMatchObject({ probing: true, since: NOW.toISOString() });
    expect(probed && withProbe(probed, addSeconds(NOW, 31), limits)).toBeUndefined();
    expect(probed && withProbe(probed, addSeconds(NOW, 60), limits)).toBeDefined();
  });

  it('is not made longer by who was on the way before', () => {
    const pause = pausedNow('it is down', NOW, limits);
    expect(afterFailure(pause, 'late', { now: NOW, limits })).toBe(pause);
  });

  it('grows with each try that fails, up to the ceiling, and its beginning stays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (times) => {
        let pause = pausedNow('it is down', NOW, limits);
        let before = 0;
        for (let time = 0; time < times; time += 1) {
          const at = new Date(pause.nextTry);
          const probe = withProbe(pause, at, limits);
          pause = afterFailure(probe ?? pause, 'still', { now: at, limits });
          const waits = (new Date(pause.nextTry).getTime() - at.getTime()) / 1000;
          expect(waits).toBeGreaterThanOrEqual(before);
          expect(waits).toBeLessThanOrEqual(600);
          before = waits;
        }
        expect(pause).toMatchObject({ since: NOW.toISOString(), tries: times, probing: false });
      }),
    );
  });
});
