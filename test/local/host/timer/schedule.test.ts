import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSchedule } from '../../../../local/host/timer/schedule.ts';

const next = (expression: string, after: string) => parseSchedule(expression).next(new Date(after)).toISOString();

it.each([
  ['0 */5 * * * *', '2026-01-01T00:01:00Z', '2026-01-01T00:05:00.000Z'],
  ['0 */5 * * * *', '2026-01-01T00:05:00Z', '2026-01-01T00:10:00.000Z'],
  ['*/5 * * * *', '2026-01-01T00:01:00Z', '2026-01-01T00:05:00.000Z'],
  ['30 15 2 * * *', '2026-01-01T03:00:00Z', '2026-01-02T02:15:30.000Z'],
  ['0 0 9-17 * * Mon-Fri', '2026-01-02T17:30:00Z', '2026-01-05T09:00:00.000Z'],
  ['0 0 0 1 Jan *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
])('%s after %s comes at %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

it('a day must fit day of month and day of week, when both are given', () => {
  expect(next('0 0 0 13 * Fri', '2026-01-01T00:00:00Z')).toBe('2026-02-13T00:00:00.000Z');
});

it('a schedule below a minute says so', () => {
  expect(parseSchedule('*/59 * * * * *').isUnderAMinute).toBe(true);
  expect(parseSchedule('0 * * * * *').isUnderAMinute).toBe(false);
});

it.each(['', '* * *', '0 0 0 * * * *', '61 * * * * *', '0 0 0 L * *', '00:00:30', '0 0 0 31 Feb *'])(
  '"%s" is refused',
  (expression) => {
    expect(() => parseSchedule(expression)).toThrow();
  },
);

it('the next time is later, fits the fields, and no fitting second lies between', () => {
  const minutes = fc.integer({ min: 0, max: 59 });
  const times = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(minutes, minutes, times, (second, minute, after) => {
      const found = parseSchedule(`${second} ${minute} * * * *`).next(after);
      expect([found.getUTCSeconds(), found.getUTCMinutes(), found.getUTCMilliseconds()]).toEqual([second, minute, 0]);
      const gap = found.getTime() - after.getTime();
      expect(gap > 0 && gap <= 3_600_000).toBe(true);
    }),
    { numRuns: 50 },
  );
});
