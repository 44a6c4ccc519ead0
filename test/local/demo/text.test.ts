import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesText, wrapped } from '../../../local/demo/text.ts';

describe('text of the demo', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [181_600, '181.6 kB'],
    [4 * 1024 ** 3, '4.3 GB'],
  ])('writes %i bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it('never shows a number of four digits before the unit', () => {
    fc.assert(fc.property(fc.nat(10 ** 14), (bytes) => Number.parseFloat(bytesText(bytes)) < 1000));
  });

  it('wraps a sentence without losing a word, within the width unless one word is longer', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 12, max: 60 }), (words, width) => {
        const lines = wrapped(words.join(' '), width);
        expect(lines.join(' ')).toBe(words.join(' '));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
