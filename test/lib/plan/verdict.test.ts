import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addSeconds } from '../../../src/lib/domain/clock.ts';
import { judge, retryAfter } from '../../../src/lib/plan/verdict.ts';

const now = new Date('2026-03-01T12:00:00Z');
const headersOf = (headers: Record<string, string>) => ({ get: (name: string) => headers[name] });
const judged = (status: number, code?: string, headers: Record<string, string> = {}) =>
  judge({ status, headers: headersOf(headers), code }, now);

describe('the verdict on an answer', () => {
  test.each([
    [200, undefined, 'ok'],
    [201, undefined, 'ok'],
    [202, undefined, 'ok'],
    [204, undefined, 'ok'],
    [206, undefined, 'refused'],
    [301, undefined, 'refused'],
    [304, undefined, 'refused'],
    [307, undefined, 'refused'],
    [400, 'BadRequestInvalidIds', 'refused'],
    [400, 'BadRequestTrainingAlreadyInProgress', 'busy'],
    [400, 'BadRequestExportAlreadyInProgress', 'busy'],
    [401, '401', 'busy'],
    [403, 'ForbiddenDRModeEnabled', 'refused'],
    [404, 'NotFoundIteration', 'absent'],
    [404, undefined, 'absent'],
    [404, 'NotFoundApimSubscription', 'refused'],
    [405, undefined, 'refused'],
    [408, undefined, 'busy'],
    [409, undefined, 'refused'],
    [409, 'CannotDeleteResource', 'refused'],
    [409, 'Conflict', 'busy'],
    [409, 'AnotherOperationInProgress', 'busy'],
    [410, undefined, 'absent'],
    [412, undefined, 'refused'],
    [423, 'ScopeLocked', 'refused'],
    [425, undefined, 'busy'],
    [429, '429', 'busy'],
    [500, 'ErrorUnknown', 'busy'],
    [502, undefined, 'busy'],
    [503, undefined, 'busy'],
    [504, undefined, 'busy'],
  ])('%i with code %s is %s', (status, code, kind) => {
    expect(judged(status, code).kind).toBe(kind);
  });

  test('of 409 is busy when upstream says when to come back', () => {
    const until = addSeconds(now, 7);
    expect(judged(409, 'Other', { 'retry-after': '7' })).toEqual({ kind: 'busy', until, told: true, untouched: true });
  });

  test.each([
    [429, undefined, 1, true],
    [500, undefined, 5, undefined],
    [409, 'Conflict', 30, true],
  ])('of %i with code %s waits %i seconds where upstream names no moment', (status, code, seconds, untouched) => {
    const until = addSeconds(now, seconds);
    expect(judged(status, code)).toEqual({ kind: 'busy', until, ...(untouched ? { untouched } : {}) });
  });

  test('is one of four for every status, and only a 2xx is ever ok, only 404 and 410 ever absent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.option(fc.string(), { nil: undefined }), (status, code) => {
        const { kind } = judged(status, code);
        expect(['ok', 'absent', 'busy', 'refused']).toContain(kind);
        if (kind === 'ok') expect(status >= 200 && status < 300).toBe(true);
        if (kind === 'absent') expect([404, 410]).toContain(status);
        if (status >= 500) expect(kind).toBe('busy');
      }),
    );
  });
});

describe('the moment for the next try', () => {
  test.each([
    ['seconds', { 'retry-after': '3' }, 3],
    ['zero seconds', { 'retry-after': '0' }, 0],
    ['an HTTP date', { 'retry-after': 'Sun, 01 Mar 2026 12:01:00 GMT' }, 60],
    ['a date that is over', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    ['milliseconds', { 'retry-after-ms': '1500' }, 1.5],
    ['milliseconds in the other header', { 'x-ms-retry-after-ms': '250' }, 0.25],
    ['milliseconds beside seconds', { 'retry-after': '2', 'retry-after-ms': '1500' }, 1.5],
    ['a month, cut to a day', { 'retry-after': '2592000' }, 86_400],
  ])('is read from %s', (_, headers, seconds) => {
    expect(retryAfter(headersOf(headers), now)).toEqual(addSeconds(now, seconds));
  });

  test.each(['', 'soon', '-5', '1e9', '0x10', 'NaN', 'day 5', '3 seconds or so'])('is not guessed from %j', (text) => {
    expect(retryAfter(headersOf({ 'retry-after': text }), now)).toBeUndefined();
  });

  test('is never in the past and never more than a day away', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (text) => {
          const until = retryAfter(headersOf({ 'retry-after': text }), now);
          if (!until) return;
          expect(until.getTime()).toBeGreaterThanOrEqual(now.getTime());
          expect(until.getTime()).toBeLessThanOrEqual(addSeconds(now, 86_400).getTime());
        },
      ),
    );
  });
});
