import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_JOURNAL, extendJournal, type JournalHead, journalFaults } from '../../../src/lib/domain/journal.ts';

const text = fc.string({ minLength: 1, unit: 'binary' }).filter((value) => value.isWellFormed());
const entry = fc.record({
  at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') }).map((date) => date.toISOString()),
  actor: text,
  event: text,
  state: fc.constantFrom('running', 'planning'),
  reason: fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed()),
  run: fc.nat(99),
});
const entries = fc.array(entry, { minLength: 1, maxLength: 12 });

/** The journal as it comes to lie in storage, each line at the position that its head named. */
function written(all: readonly Parameters<typeof extendJournal>[1][]): { lines: string[]; head: JournalHead } {
  let head = EMPTY_JOURNAL;
  let bytes = Buffer.alloc(0);
  for (const one of all) {
    head = extendJournal(head, one);
    expect(head.position).toBe(bytes.length);
    bytes = Buffer.concat([bytes, Buffer.from(head.pendingLine)]);
  }
  return { lines: bytes.toString('utf8').split('\n').slice(0, -1), head };
}

const edited = (lines: readonly string[], at: number, line: string): string[] =>
  lines.map((old, index) => (index === at ? line : old));

describe('A journal', () => {
  it('holds as it was written, each line at its byte, whatever its text is', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const { lines, head } = written(all);
        expect(lines).toHaveLength(all.length);
        expect(journalFaults(lines, head)).toEqual([]);
        expect(lines.map((line): unknown => JSON.parse(line).reason)).toEqual(all.map(({ reason }) => reason));
      }),
    );
  });

  it('shows that a line was edited, even by a single character and even the last', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(), (all, which, where) => {
        const { lines, head } = written(all);
        const at = which % lines.length;
        const line = lines[at] ?? '';
        const place = where % line.length;
        const other = line[place] === 'x' ? 'y' : 'x';
        const broken = edited(lines, at, line.slice(0, place) + other + line.slice(place + 1));
        expect(journalFaults(broken, head)).not.toEqual([]);
      }),
    );
  });

  it('shows that another reason was put into a line, with all digests of that line made right again', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (all, which) => {
        const { lines, head } = written(all);
        const at = which % lines.length;
        const forged = { ...JSON.parse(lines[at] ?? ''), reason: 'It was always so, and always will be.' };
        expect(journalFaults(edited(lines, at, JSON.stringify(forged)), head)).not.toEqual([]);
      }),
    );
  });

  it('shows that a line was cut out, wherever it stood', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (all, which) => {
        const { lines, head } = written(all);
        expect(journalFaults(lines.toSpliced(which % lines.length, 1), head)).not.toEqual([]);
      }),
    );
  });

  it('shows that lines were swapped or that one stands there twice', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 2, maxLength: 8 }), fc.nat(), fc.nat(), (all, a, b) => {
        const { lines, head } = written(all);
        const [first, second] = [a % lines.length, b % lines.length];
        if (first !== second) {
          const swapped = edited(edited(lines, first, lines[second] ?? ''), second, lines[first] ?? '');
          expect(journalFaults(swapped, head)).not.toEqual([]);
        }
        expect(journalFaults(lines.toSpliced(first, 0, lines[first] ?? ''), head)).not.toEqual([]);
      }),
    );
  });

  it('that is another request’s, whole and sound, does not fit the record', () => {
    fc.assert(
      fc.property(entries, entries, (mine, other) => {
        const own = written(mine);
        const foreign = written([...other, ...mine]);
        expect(journalFaults(foreign.lines, own.head)).not.toEqual([]);
      }),
    );
  });

  it('without a line is sound when the record says so', () => {
    expect(journalFaults([], EMPTY_JOURNAL)).toEqual([]);
    expect(journalFaults([], { seq: 1, hash: '' })).toHaveLength(1);
    expect(journalFaults(['not json'])).toHaveLength(1);
  });
});
