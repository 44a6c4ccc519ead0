import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/domain/clock.ts';
import type { Target } from '../../../src/lib/domain/target.ts';
import { createPace, type Reservation } from '../../../src/lib/upstream/pace.ts';
import { keyTarget } from './fixture.ts';

interface Asked {
  readonly target: string;
  readonly calls: number;
}

/** A budget that grants what `grant` says, in real time, and remembers what it was asked. */
function budget(grant: (asked: number) => Reservation) {
  const asked: Asked[] = [];
  const pauses: Date[] = [];
  return {
    asked,
    pauses,
    reserve: async (target: string, _: Target['pace'], calls: number) => {
      asked.push({ target, calls });
      return grant(asked.length);
    },
    pause: async (_: string, until: Date) => {
      pauses.push(until);
    },
  };
}

const now = (): number => systemClock.now().getTime();
const takeMany = (pace: ReturnType<typeof createPace>, count: number) =>
  Promise.all(Array.from({ length: count }, () => pace.take(keyTarget)));

describe('the pace', () => {
  test('fetches slots for about a second at a time, not for each call', async () => {
    const reservations = budget(() => ({ startAt: now(), intervalMs: 0, calls: 10 }));
    const turns = await takeMany(createPace({ reservations, clock: systemClock }), 20);
    expect(new Set(turns.map(({ kind }) => kind))).toEqual(new Set(['go']));
    expect(reservations.asked).toEqual(Array(2).fill({ target: 'studio', calls: 10 }));
  });

  test('lets no call go before its slot', async () => {
    const start = now() + 50;
    const reservations = budget(() => ({ startAt: start, intervalMs: 40, calls: 4 }));
    const pace = createPace({ reservations, clock: systemClock });
    const times = await Promise.all([0, 1, 2, 3].map(() => pace.take(keyTarget).then(now)));
    // A timer may fire up to a millisecond early.
    const early = times.sort((a, b) => a - b).filter((time, index) => time < start + index * 40 - 1);
    expect(early).toEqual([]);
    expect(reservations.asked).toHaveLength(1);
  });

  test('throws away slots that nobody used for a second', async () => {
    const reservations = budget((asked) => ({ startAt: asked === 1 ? now() - 5000 : now(), intervalMs: 0, calls: 3 }));
    const pace = createPace({ reservations, clock: systemClock });
    await pace.take(keyTarget);
    await pace.take(keyTarget);
    expect(reservations.asked).toHaveLength(2);
  });

  test("lets a burst go at once, and leaves as much of the service's own alone as calls may be late", async () => {
    const rates: Target['pace'][] = [];
    const reservations = budget(() => ({ startAt: now(), atOnce: 3, intervalMs: 60_000, calls: 4 }));
    const reserve: typeof reservations.reserve = async (target, rate, calls) => {
      rates.push(rate);
      return reservations.reserve(target, rate, calls);
    };
    const pace = createPace({ reservations: { ...reservations, reserve }, clock: systemClock });
    const target = { ...keyTarget, pace: { perSecond: 10, burst: 10 } };
    const turns = await Promise.all([0, 1, 2, 3].map(() => pace.take(target)));
    expect(turns.map(({ kind }) => kind)).toEqual(['go', 'go', 'go', 'later']);
    expect(rates).toEqual([{ perSecond: 10, burst: 7 }]);
  });

  test('says later when the slot is further away than its patience, and reserves no more meanwhile', async () => {
    const startAt = now() + 60_000;
    const reservations = budget(() => ({ startAt, intervalMs: 100, calls: 10 }));
    const turns = await takeMany(createPace({ reservations, clock: systemClock }), 5);
    expect(turns).toEqual(Array(5).fill({ kind: 'later', at: new Date(startAt) }));
    expect(reservations.asked).toHaveLength(1);
  });

  test('passes a pause on, and keeps to it with slots fetched before', async () => {
    const reservations = budget(() => ({ startAt: now(), intervalMs: 0, calls: 10 }));
    const pace = createPace({ reservations, clock: systemClock });
    await pace.take(keyTarget);
    const until = new Date(now() + 60_000);
    await pace.pause(keyTarget, until);
    expect(reservations.pauses).toEqual([until]);
    expect(await pace.take(keyTarget)).toEqual({ kind: 'later', at: until });
  });

  test('voids the slots of those who are waiting when a pause comes', async () => {
    const reservations = budget(() => ({ startAt: now() + 100, intervalMs: 0, calls: 10 }));
    const pace = createPace({ reservations, clock: systemClock });
    const waiting = pace.take(keyTarget);
    const until = new Date(now() + 60_000);
    await pace.pause(keyTarget, until);
    expect(await waiting).toEqual({ kind: 'later', at: until });
  });

  test('keeps targets apart', async () => {
    const reservations = budget((asked) => ({ startAt: now() + (asked === 1 ? 60_000 : 0), intervalMs: 0, calls: 1 }));
    const pace = createPace({ reservations, clock: systemClock });
    expect((await pace.take(keyTarget)).kind).toBe('later');
    expect((await pace.take({ ...keyTarget, name: 'other' })).kind).toBe('go');
  });

  test('asks again after a reservation that failed', async () => {
    const reservations = budget((asked) => {
      if (asked === 1) throw new Error('storage is busy');
      return { startAt: now(), intervalMs: 0, calls: 1 };
    });
    const pace = createPace({ reservations, clock: systemClock });
    await expect(pace.take(keyTarget)).rejects.toThrow('storage is busy');
    expect(await pace.take(keyTarget)).toEqual({ kind: 'go' });
  });
});
