import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesTag, parseRange } from '../../../../src/lib/steps/export/byte-range.ts';

describe('A Range header', () => {
  it.each([
    ['bytes=0-0', { kind: 'part', offset: 0, count: 1 }],
    ['bytes=2-', { kind: 'part', offset: 2, count: 8 }],
    ['bytes=-3', { kind: 'part', offset: 7, count: 3 }],
    ['bytes=-99', { kind: 'part', offset: 0, count: 10 }],
    ['bytes=5-999999999999999999999999', { kind: 'part', offset: 5, count: 5 }],
    ['bytes=10-', { kind: 'outside' }],
    ['bytes=-0', { kind: 'outside' }],
    ['bytes=3-2', { kind: 'whole' }],
    ['bytes=0-1,3-4', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['bytes=1.5-2', { kind: 'whole' }],
    [undefined, { kind: 'whole' }],
  ])('%s of ten bytes is understood as RFC 9110 says', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  it('never leads out of the file, whatever it says', () => {
    const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,20}-\d{0,20}$/));
    fc.assert(
      fc.property(header, fc.nat(), (text, total) => {
        const asked = parseRange(text, total);
        if (asked.kind !== 'part') return;
        expect(asked.offset).toBeGreaterThanOrEqual(0);
        expect(asked.count).toBeGreaterThan(0);
        expect(asked.offset + asked.count).toBeLessThanOrEqual(total);
      }),
    );
  });
});

describe('A list of ETags', () => {
  it('names a tag among others, with a weak mark or by a star', () => {
    expect(namesTag('"a", W/"b"', '"b"')).toBe(true);
    expect(namesTag('*', '"b"')).toBe(true);
    expect(namesTag('"a"', '"b"')).toBe(false);
  });
});
