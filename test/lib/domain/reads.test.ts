import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reads, type Telling, tellRead } from '../../../src/lib/domain/reads.ts';

const START = Date.UTC(2026, 0, 1);
const minutes = (count: number): Date => new Date(START + count * 60_000);
const read = (what: string, at: number, reads?: Reads, caller = 'portal') =>
  tellRead({ reads, seq: 1 }, { caller, what, now: minutes(at) });
const readsAfter = (telling: Telling): Reads => {
  if (typeof telling === 'string') throw new Error(telling);
  return telling.reads;
};

describe('Reads', () => {
  it('of one thing by one caller are told once in ten minutes', () => {
    const first = readsAfter(read('a', 0));
    expect(Object.keys(first)).toEqual(['portal a']);
    expect(read('a', 9, first)).toBe('lately');
    expect(readsAfter(read('a', 11, first))).toEqual({ 'portal a': minutes(11).toISOString() });
    expect(Object.keys(readsAfter(read('b', 9, first)))).toEqual(['portal a', 'portal b']);
    expect(Object.keys(readsAfter(read('a', 9, first, 'officer')))).toEqual(['portal a', 'officer a']);
  });

  it('are each told under their own name, of however many different things, and don’t fill the record', () => {
    const readOf = fc.record({ caller: fc.constantFrom('a', 'b'), what: fc.nat(200).map(String), gap: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(readOf, { minLength: 100, maxLength: 400 }), (all) => {
        let reads: Reads | undefined;
        let seconds = 0;
        const told = new Map<string, number>();
        for (const { caller, what, gap } of all) {
          seconds += gap;
          const more = tellRead({ reads, seq: 1 }, { caller, what, now: new Date(START + seconds * 1000) });
          if (typeof more !== 'string') {
            ({ reads } = more);
            told.set(`${caller} ${what}`, seconds);
          }
          expect(seconds - (told.get(`${caller} ${what}`) ?? Number.NaN)).toBeLessThan(600);
          expect(Object.keys(reads ?? {}).length).toBeLessThanOrEqual(50);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('past fifty push out the oldest, which is told again when it comes again', () => {
    let reads: Reads | undefined;
    for (let file = 0; file <= 50; file += 1) {
      const now = new Date(START + file * 1000);
      reads = readsAfter(tellRead({ reads, seq: 1 }, { caller: 'portal', what: `file ${file}`, now }));
    }
    expect(read('file 50', 1, reads)).toBe('lately');
    expect(read('file 1', 1, reads)).toBe('lately');
    expect(Object.keys(readsAfter(read('file 0', 1, reads)))).toContain('portal file 0');
  });

  it('of which each is to be told are, however lately there was one, and what follows is told already', () => {
    const reads = { 'portal a': minutes(0).toISOString() };
    const each = () => tellRead({ reads, seq: 1 }, { caller: 'portal', what: 'a', now: minutes(1), each: true });
    expect(each()).toEqual({ reads: { 'portal a': minutes(1).toISOString() } });
    expect(read('a', 10.5, readsAfter(each()))).toBe('lately');
  });

  it('are refused when few lines are left to a journal, but for what was told lately', () => {
    const at = (seq: number, what: string) =>
      tellRead(
        { reads: { 'a told': minutes(0).toISOString() }, seq },
        { caller: 'a', what, now: minutes(1), each: what === 'link' },
      );
    expect(['other', 'link', 'told'].map((what) => at(40_000, what))).toEqual(['full', 'full', 'lately']);
    expect(typeof at(39_999, 'other')).toBe('object');
  });
});
