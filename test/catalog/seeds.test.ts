import { describe, expect, it } from 'vitest';
import { BRANCHES } from '../../src/lib/catalog/catalog.ts';
import { type ListedOperation, listOperations } from '../../src/lib/catalog/listing.ts';
import { SEED_OPERATIONS, SEED_OUTCOMES, type SeedOperation } from './seed-operations.ts';

/** Rows that the catalogue doesn't have yet. It may only shrink: a row that is covered must leave it. */
const NOT_YET: readonly number[] = [];

/** Optional and paging parameters are the catalogue's business; names of placeholders differ within S0 itself; ARM's paths know no case. */
function comparable(url: string): string {
  const [path = '', query = ''] = url.replaceAll(/\{[?&][^}]*\}/g, '').split('?');
  const kept = query.split('&').filter((part) => /^(api-version|name)=/.test(part));
  return [path.toLowerCase(), ...kept].join('?').replaceAll(/\{[^}]+\}/g, '{}');
}

const listed = listOperations();
const covers = (one: ListedOperation, wanted: SeedOperation): boolean =>
  one.method === wanted.method &&
  comparable(one.url) === comparable(wanted.url) &&
  (wanted.operation === undefined || one.operation === wanted.operation);
const label = ({ seed, row, method, url }: SeedOperation): string => `${seed} row ${row}: ${method} ${url}`;

describe('the fixture of the source documents', () => {
  it('has the 51 operations and 5 outcomes, each once', () => {
    expect(SEED_OPERATIONS.filter(({ seed }) => seed === 'S0')).toHaveLength(36);
    expect(SEED_OPERATIONS.filter(({ seed }) => seed === 'S4')).toHaveLength(15);
    expect(new Set(SEED_OPERATIONS.map(({ row }) => row)).size).toBe(51);
    expect(new Set(SEED_OPERATIONS.map(({ method, url }) => `${method} ${comparable(url)}`)).size).toBe(51);
    expect(SEED_OUTCOMES).toHaveLength(5);
  });
});

describe('the catalogue', () => {
  const due = SEED_OPERATIONS.filter(({ row }) => !NOT_YET.includes(row));

  it.each(due.map((wanted) => [label(wanted), wanted] as const))('has %s', (_, wanted) => {
    const found = listed.filter((one) => covers(one, wanted));
    expect(found.map(({ seed }) => seed)).toContain(wanted.seed);
  });

  it('has none of the rows that are said to be missing', () => {
    const covered = SEED_OPERATIONS.filter((wanted) => listed.some((one) => covers(one, wanted)));
    expect(covered.map(({ row }) => row).filter((row) => NOT_YET.includes(row))).toEqual([]);
  });

  it('claims no source document for an operation that the document does not name', () => {
    const claimed = listed.filter(({ seed }) => seed !== 'extra');
    expect(claimed.length).toBeGreaterThan(0);
    const unfounded = claimed.filter(
      (one) => !SEED_OPERATIONS.some((wanted) => wanted.seed === one.seed && covers(one, wanted)),
    );
    expect(unfounded).toEqual([]);
  });

  it('cites for each operation the row under which the document has it', () => {
    const operations = BRANCHES.flatMap(({ families }) => families).flatMap(({ list, read, erase }) => [
      ...list,
      ...(read ? [read] : []),
      ...(erase.by === 'call' ? [erase.operation] : []),
    ]);
    for (const { operation, row, seed } of operations) {
      if (seed === 'extra') continue;
      const one = listed.find((candidate) => candidate.operation === operation);
      const wanted = SEED_OPERATIONS.find((candidate) => one !== undefined && covers(one, candidate));
      expect(`${operation}: row ${row}`).toBe(`${operation}: row ${wanted?.row}`);
    }
  });

  it('says in the words of the document what goes away without a call of its own', () => {
    const said = BRANCHES.flatMap((branch) => [
      ...branch.byHand.map(({ what, sentence }) => `${what}: ${sentence}`),
      ...branch.families.flatMap(({ erase, title }) =>
        erase.by === 'call' ? [] : [erase.by === 'hand' ? `${title}: ${erase.sentence}` : erase.sentence],
      ),
    ]);
    for (const { by, data, sentence } of SEED_OUTCOMES) {
      expect(said).toContain(by === 'hand' ? `${data}: ${sentence}` : sentence);
    }
  });
});
