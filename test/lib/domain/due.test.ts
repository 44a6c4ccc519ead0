import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/lib/domain/clock.ts';
import {
  addMonths,
  type Due,
  distanceDue,
  dueAfter,
  dueExtended,
  isLate,
  REGULATIONS,
} from '../../../src/lib/domain/due.ts';

const moments = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

describe('A due date', () => {
  it.each([
    ['gdpr', '2026-03-05T12:00:00.000Z', '2026-04-05T12:00:00.000Z', '2026-06-05T12:00:00.000Z'],
    ['gdpr', '2026-01-31T23:59:59.999Z', '2026-02-28T23:59:59.999Z', '2026-04-30T23:59:59.999Z'],
    ['gdpr', '2028-01-31T00:00:00.000Z', '2028-02-29T00:00:00.000Z', '2028-04-30T00:00:00.000Z'],
    ['gdpr', '2026-12-15T08:00:00.000Z', '2027-01-15T08:00:00.000Z', '2027-03-15T08:00:00.000Z'],
    ['ccpa', '2026-01-01T00:00:00.000Z', '2026-02-15T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
  ] as const)('under %s of what came in at %s is %s, extended %s', (regulation, from, first, extended) => {
    expect(dueAfter(regulation, new Date(from)).toISOString()).toBe(first);
    expect(dueExtended(regulation, new Date(from)).toISOString()).toBe(extended);
  });

  it('in months falls on the same date, or on the last day of a shorter month, at the same time', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 3 }), (from, months) => {
        const due = addMonths(from, months);
        const elapsed = (due.getUTCFullYear() - from.getUTCFullYear()) * 12 + due.getUTCMonth() - from.getUTCMonth();
        expect(elapsed).toBe(months);
        expect(due.getTime() % 86_400_000).toBe(from.getTime() % 86_400_000);
        const isLast = addDays(due, 1).getUTCMonth() !== due.getUTCMonth();
        expect(due.getUTCDate() === from.getUTCDate() || (isLast && due.getUTCDate() < from.getUTCDate())).toBe(true);
      }),
    );
  });

  it('never comes before a first one when it is extended', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...REGULATIONS), (from, regulation) => {
        expect(dueExtended(regulation, from) > dueAfter(regulation, from)).toBe(true);
      }),
    );
  });
});

describe('A warning', () => {
  const due: Due = { regulation: 'gdpr', by: '2026-04-30T00:00:00.000Z' };
  const daysBefore = (days: number) => addDays(new Date(due.by), -days);

  it('is due once at each distance, the nearest one only', () => {
    expect(distanceDue(due, [14, 7, 1], daysBefore(15))).toBeUndefined();
    expect(distanceDue(due, [14, 7, 1], daysBefore(14))).toBe(14);
    expect(distanceDue(due, [14, 7, 1], daysBefore(3))).toBe(7);
    expect(distanceDue({ by: due.by, given: 7 }, [14, 7, 1], daysBefore(3))).toBeUndefined();
    expect(distanceDue({ by: due.by, given: 7 }, [14, 7, 1], daysBefore(1))).toBe(1);
    expect(distanceDue(due, [], daysBefore(1))).toBeUndefined();
  });

  it('is followed by lateness only when the very moment has passed', () => {
    expect(isLate(due, new Date(due.by))).toBe(false);
    expect(isLate(due, new Date('2026-04-30T00:00:00.001Z'))).toBe(true);
  });
});
