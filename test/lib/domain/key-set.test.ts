import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeySet, partsOf } from '../../../src/lib/domain/key-set.ts';

test('a set knows what it was given, in however many parts it is gone through', () => {
  const keys = fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 });
  fc.assert(
    fc.property(keys, keys, fc.integer({ min: 1, max: 5 }), (given, asked, parts) => {
      let again = 0;
      let missing = 0;
      for (let part = 0; part < parts; part += 1) {
        const set = new KeySet(part, parts);
        for (const key of given) if (set.add(key) === 'again') again += 1;
        for (const key of asked) if (set.lacks(key)) missing += 1;
      }
      expect(again).toBe(given.length - new Set(given).size);
      expect(missing).toBe(asked.filter((key) => !given.includes(key)).length);
    }),
  );
});

test('a set grows, and is gone through in parts from a million keys on', () => {
  const set = new KeySet();
  const names = Array.from({ length: 20_000 }, (_, name) => `cv-images/${name}`);
  expect(names.filter((name) => set.add(name) !== 'new')).toEqual([]);
  expect(names.filter((name) => set.lacks(name))).toEqual([]);
  expect(set.lacks('cv-images/x')).toBe(true);
  expect([0, 1, 1 << 20, (1 << 20) + 1].map(partsOf)).toEqual([1, 1, 1, 2]);
});
