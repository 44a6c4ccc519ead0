import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reads, tellRead } from '../../../src/lib/domain/reads.ts';

const START = Date.UTC(2026, 0, 1);
const minutes = (count: number): Date => new Date(START + count * 60_000);
const read = (what: string, at: number, reads?: Reads, caller = 'portal') =>
  tellRead({ reads, seq: 1 }, { caller, what, now: minutes(at) });

describe('Reads', () => {
  it('of one thing by one caller are told once in ten minutes', () => {
    const first = read('a', 0);
    expect(first?.told).toBe('a');
    expect(read('a', 9, first?.reads)).toBeUndefined();
    expect(read('a', 11, first?.reads)?.told).toBe('a');
    expect(read('b', 9, first?.reads)?.told).toBe('b');
    expect(read('a', 9, first?.reads, 'officer')?.told).toBe('a');
  });

  it('fill neither record nor journal, however many different ones there are', () => {
    const readOf = fc.record({
      caller: fc.constantFrom('a', 'b', 'c'),
      what: fc.nat(500).map(String),
      gap: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(readOf, { minLength: 200, maxLength: 600 }), (all) => {
        let reads: Reads | undefined;
        let seconds = 0;
        const told: number[] = [];
        for (const { caller, what, gap } of all) {
          seconds += gap;
          const more = tellRead({ reads, seq: 1 }, { caller, what, now: new Date(START + seconds * 1000) });
          if (!more) continue;
          ({ reads } = more);
          told.push(seconds);
          expect(Object.keys(reads).length).toBeLessThanOrEqual(53);
        }
        for (const end of told) expect(told.filter((at) => at > end - 600 && at <= end).length).toBeLessThanOrEqual(53);
      }),
      { numRuns: 30 },
    );
  });

  it('past fifty are told as one for each caller', () => {
    let reads: Reads | undefined;
    for (let file = 0; file < 50; file += 1) reads = read(`file ${file}`, 0, reads)?.reads ?? reads;
    const rest = read('file 50', 1, reads);
    expect(rest?.told).toBe('(others)');
    expect(read('file 51', 1, rest?.reads)).toBeUndefined();
    expect(read('file 51', 1, rest?.reads, 'officer')?.told).toBe('(others)');
  });

  it('are not told when few lines are left to a journal', () => {
    expect(tellRead({ reads: undefined, seq: 40_000 }, { caller: 'a', what: 'b', now: minutes(0) })).toBeUndefined();
  });
});
