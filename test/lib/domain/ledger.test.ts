import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCounts,
  type Counts,
  countLine,
  countsSchema,
  FINAL_OUTCOMES,
  identityFault,
  NO_COUNTS,
  type ResultLine,
  resultLineSchema,
  settled,
} from '../../../src/lib/domain/ledger.ts';

const counts: fc.Arbitrary<Counts> = fc
  .record({
    found: fc.nat(1e6),
    saved: fc.nat(1e6),
    erased: fc.nat(1e6),
    absent: fc.nat(1e6),
    kept: fc.nat(1e6),
    refused: fc.nat(1e6),
    gaps: fc.nat(1e6),
    drift: fc.nat(1e6),
    documents: fc.nat(1e6),
    bytes: fc.nat(1e12),
  })
  .map((sums) => countsSchema.parse(sums));

const content = fc.record({
  blob: fc.string(),
  bytes: fc.nat(1e9),
  sha256: fc.string(),
  contentType: fc.string(),
});
const itemLine: fc.Arbitrary<ResultLine> = fc.record({
  line: fc.constant('item' as const),
  key: fc.string(),
  outcome: fc.constantFrom(...FINAL_OUTCOMES),
  contents: fc.array(content, { maxLength: 3 }),
});
const lines: fc.Arbitrary<ResultLine[]> = fc.array(
  fc.oneof(
    itemLine,
    fc.record({
      line: fc.constant('found' as const),
      key: fc.string(),
      parameters: fc.dictionary(fc.string(), fc.string()),
    }),
    fc.record({ line: fc.constant('gap' as const), place: fc.string(), reason: fc.string() }),
    fc.record({ line: fc.constant('document' as const), key: fc.string(), document: fc.jsonValue() }),
    fc.record({
      line: fc.constant('attempt' as const),
      key: fc.string(),
      answer: fc.constantFrom('accepted' as const, 'missing' as const, 'drift' as const, 'unknown' as const),
    }),
  ),
);

const sum = (all: readonly ResultLine[]): Counts => all.map(countLine).reduce(addCounts, NO_COUNTS);

describe('Sums over a ledger', () => {
  it('add up in any order and in any grouping', () => {
    fc.assert(
      fc.property(counts, counts, counts, (a, b, c) => {
        expect(addCounts(a, b)).toEqual(addCounts(b, a));
        expect(addCounts(addCounts(a, b), c)).toEqual(addCounts(a, addCounts(b, c)));
        expect(addCounts(a, NO_COUNTS)).toEqual(a);
      }),
    );
  });

  it('of a whole are the sums of its parts, wherever it is cut into slices', () => {
    fc.assert(
      fc.property(lines, fc.nat(), (all, cut) => {
        const at = cut % (all.length + 1);
        expect(addCounts(sum(all.slice(0, at)), sum(all.slice(at)))).toEqual(sum(all));
      }),
    );
  });

  it('count each kind of line where it belongs', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const totals = sum(all);
        const items = all.filter((line) => line.line === 'item');
        expect(settled(totals)).toBe(items.length);
        for (const outcome of FINAL_OUTCOMES)
          expect(totals[outcome]).toBe(items.filter((line) => line.outcome === outcome).length);
        expect(totals.found).toBe(all.filter(({ line }) => line === 'found').length);
        expect(totals.gaps).toBe(all.filter(({ line }) => line === 'gap').length);
        expect(totals.documents).toBe(all.filter(({ line }) => line === 'document').length);
        const bytes = items.flatMap((line) => line.contents ?? []).reduce((total, part) => total + part.bytes, 0);
        expect(totals.bytes).toBe(bytes);
      }),
    );
  });

  it('do not count again what a package repeats', () => {
    const volume: ResultLine = { line: 'volume', name: 'package-001.zip', bytes: 9, sha256: 'ab', entries: 1 };
    const entry: ResultLine = { line: 'entry', volume: 'package-001.zip', path: 'a', bytes: 9, sha256: 'ab' };
    expect(sum([volume, entry])).toEqual(NO_COUNTS);
  });
});

describe('The identity of a ledger', () => {
  it.each([
    ['export', 'erased'],
    ['delete', 'saved'],
  ] as const)(
    'of an %s holds exactly when every item that was found has one final line, and none is %s',
    (does, foreign) => {
      fc.assert(
        fc.property(counts, fc.integer({ min: 1, max: 9 }), (sums, more) => {
          const own = { ...sums, [foreign]: 0 };
          const whole = { ...own, found: settled(own) };
          expect(identityFault('Task', whole, does)).toBeUndefined();
          expect(identityFault('Task', { ...whole, found: whole.found + 1 }, does)).toMatch(/^Task: /);
          expect(identityFault('Task', { ...whole, kept: whole.kept + 1 }, does)).toMatch(/^Task: /);
          const mixed = { ...whole, [foreign]: more, found: whole.found + more };
          expect(identityFault('Task', mixed, does)).toMatch(new RegExp(`^Task: ${more} items are ${foreign}`));
        }),
      );
    },
  );
});

describe('A line of a ledger', () => {
  it('comes back from storage as it was', () => {
    fc.assert(
      fc.property(itemLine, (line) => {
        expect(resultLineSchema.parse(JSON.parse(JSON.stringify(line)))).toEqual(line);
      }),
    );
  });

  it.each([
    { line: 'item', key: 'a', outcome: 'perhaps' },
    { line: 'attempt', key: 'a', answer: 'ok' },
    { line: 'something' },
    { key: 'a' },
  ])('is not %j', (line) => expect(resultLineSchema.safeParse(line).success).toBe(false));
});
