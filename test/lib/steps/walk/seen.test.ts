import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Place } from '../../../../src/lib/domain/slice.ts';
import { Seen } from '../../../../src/lib/steps/walk/seen.ts';

const start: Place = { step: 0, parameters: {}, offset: 0 };

test('what stands on a page or on the one before comes once, and everything comes', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(ids, fc.array(fc.nat(3), { maxLength: 8 }), fc.integer({ min: 1, max: 4 }), (all, overlaps, size) => {
      let place = start;
      const came: string[] = [];
      let from = 0;
      for (let page = 0; from < all.length; page += 1) {
        // Never further back than one page.
        const again = Math.min(overlaps[page] ?? 0, page === 0 ? 0 : size, from);
        const items = all.slice(from - again, from + size);
        const seen = new Seen(place);
        for (const id of items) if (seen.note(id, { id }) === 'new') came.push(id);
        for (const id of items) expect(seen.note(id, { id })).toBe('again');
        from += size;
        const [next] = seen.after(place, { next: `token:${page}` });
        if (next === undefined) throw new Error('The list goes on.');
        place = next;
      }
      expect(came).toEqual(all);
    }),
  );
});

test('another element with the same id on one page is told apart, and the next page is told of neither text', () => {
  const seen = new Seen(start);
  expect(seen.note('Ann Lee', { id: 'Ann Lee', n: 1 })).toBe('new');
  expect(seen.note('Ann Lee', { id: 'Ann Lee', n: 2 })).toBe('other');
  const [next] = seen.after(start, { next: 'token:1' });
  expect(next).toMatchObject({ cursor: 'token:1', seen: [expect.stringMatching(/^[0-9a-f]{16}$/)] });
});

test('a page without anything passes on what it was told, and a list by numbers needs nothing', () => {
  const place = { ...start, seen: ['00'] };
  expect(new Seen(place).after(place, { next: 'token:1' })).toEqual([{ ...place, cursor: 'token:1' }]);
  expect(new Seen(place).after(place, { next: '3:00', start: 0 })).toEqual([{ ...start, cursor: '3:00' }]);
  expect(new Seen(place).after(place, {})).toEqual([]);
});
