import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { listOperations } from '../../src/lib/catalog/listing.ts';
import type { Confidence } from '../../src/lib/catalog/operation.ts';
import { contractsFolder } from '../local/simulator/contracts.ts';

/** Cells of a row of shared/contracts/endpoints.md, by the headings of its table. */
type Cells = Readonly<Record<string, string>>;

/** The table itself lies beside this repository, where the project is developed; what it says of each row stands below. */
const path = fileURLToPath(new URL('../../../shared/contracts/endpoints.md', import.meta.url));
const ROW = /^H?\d+$/;

function readRows(text: string): Map<string, Cells> {
  const rows = new Map<string, Cells>();
  let headings: readonly string[] = [];
  for (const line of text.split('\n')) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const [, first = ''] = cells;
    if (first === '#') headings = cells;
    if (ROW.test(first)) rows.set(first, Object.fromEntries(headings.map((heading, at) => [heading, cells[at] ?? ''])));
  }
  return rows;
}

/** What the sources of a row are worth where it names them without a mark: its page tells, under "Sources" and "Confidence". */
const SOURCES: readonly (readonly [source: RegExp, confidence: Confidence])[] = [
  [/`spec`|\bswagger\b/, 'spec'],
  [/`doc`|\bD-MM[AS]\b/, 'doc'],
  [/`rec`|\bREC-|\brec\b/, 'rec'],
];
/** Calls of which there is recorded traffic (shared/contracts/recorded) that their row doesn't name. */
const RECORDED: Readonly<Record<string, string>> = {
  H11: 'QueryPredictionResults.json',
  H12: 'DeletePrediction.json',
};

/** What a row rests on: where its very success is inferred, on that alone; else on its sources, or on those of the row that it refers to. */
function confidenceOf(rows: ReadonlyMap<string, Cells>, row: string): Confidence[] {
  const cells = rows.get(row) ?? {};
  const inferred = /^[^(]*\(`(inf-[HML])`\)/.exec(cells.success ?? '')?.[1];
  if (inferred === 'inf-H' || inferred === 'inf-M' || inferred === 'inf-L') return [inferred];
  const source = cells['source, confidence'] ?? cells.confidence ?? cells.source ?? '';
  const own = SOURCES.flatMap(([named, confidence]) => (named.test(source) ? [confidence] : []));
  const other = /^as (H?\d+)/.exec(source)?.[1];
  if (own.length === 0 && other !== undefined) return confidenceOf(rows, other);
  return RECORDED[row] && existsSync(`${contractsFolder}recorded/${RECORDED[row]}`) ? [...own, 'rec'] : own;
}

/** Rows of the table by what they rest on. */
const RESTS_ON: readonly (readonly [rows: string, ...Confidence[]])[] = [
  ['1 4 9 10 11 12 13 14 15 16 17 H4', 'doc'],
  ['2 22 23 24 25 26 27 28 29 30 31 33', 'inf-H'],
  ['3 5 34', 'inf-M'],
  ['6 7 8 18 19 35 36 37 38 H1 H2 H3 H8 H9', 'spec'],
  ['20 21 39 40 41 42 43 44 45 46 47 48 49 50 51 52 H7 H10 H11 H12', 'spec', 'rec'],
];

const listed = listOperations();
const numbered = listed.filter(({ row }) => ROW.test(row));
const said = (row: string, confidence: readonly Confidence[]): string => `${row}: ${confidence.join(', ')}`;
const committed = RESTS_ON.flatMap(([rows, ...confidence]) => rows.split(' ').map((row) => said(row, confidence)));

it('the catalogue rests on what the table of wire contracts says, row by row', () => {
  const claimed = new Set(numbered.map(({ row, confidence }) => said(row, confidence)));
  expect([...claimed].sort()).toEqual(committed.toSorted());
});

it.skipIf(!existsSync(path))('the table of wire contracts still says so', () => {
  const rows = readRows(readFileSync(path, 'utf8'));
  const now = new Set(numbered.map(({ row }) => said(row, confidenceOf(rows, row))));
  expect([...now].sort()).toEqual(committed.toSorted());
});

it('what stands in no row of it names the published specification in which it is found', () => {
  for (const { operation, confidence, row } of listed.filter((one) => !ROW.test(one.row))) {
    expect(confidence, operation).toEqual(['spec']);
    const text = readFileSync(`${contractsFolder}specs/${row}`, 'utf8');
    expect(text, operation).toMatch(new RegExp(`"operationId": ?"${operation}"`));
  }
});
