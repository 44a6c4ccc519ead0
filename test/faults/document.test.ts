import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawRounds } from '../../faults/draw.ts';
import { resultOf } from '../../faults/result.ts';
import type { Outcome } from '../../faults/round/round.ts';
import { FAULTS } from '../../faults/table/table.ts';
import { aroundTable, documented } from '../scripts/support/documented.ts';

const page = join(import.meta.dirname, '../../docs/RELIABILITY.md');
const MARK = /<!-- (?:the table of the last long run begins here|and ends here)/;

const faults = FAULTS.slice(0, 3);
const held = drawRounds({ seed: 'of this page', faults, from: 1, rounds: 6 }).map(
  (drawn): Outcome => ({ drawn, kind: 'held', seconds: 12.34, struck: 1, requestId: 'r', state: 'completed' }),
);
const [first, ...others] = held;
const broken = first && { ...first, kind: 'defect' as const, state: undefined, defect: 'found | 3\n  not 4' };
const run = { seed: 'of this page', lanes: 2, began: Date.parse('2026-11-22T17:30:00Z') };

test('the table of a long run is put into the page, and a later one in its place', async () => {
  const before = await readFile(page, 'utf8');
  const results = [[broken ?? [], others].flat(), held].map((outcomes) => resultOf(outcomes, run));
  const [bad, good] = await documented('faults/document.ts', page, results);
  expect(bad).toContain('6 rounds with seed `of this page` on 2 installations side by side');
  expect(bad).toContain(`- round 1, \`${first?.drawn.fault.name}\` on ${first?.drawn.action}: found \\| 3 not 4`);
  expect(bad).toContain('never ended 1');
  for (const { name } of faults) expect(good).toMatch(new RegExp(`\\| ${name} \\|.*completed \\d+ \\| 12\\.3 \\|`));
  expect(good).toContain('No defect.');
  expect(good).not.toContain('never ended');
  for (const text of [bad, good]) expect(aroundTable(text, MARK)).toEqual(aroundTable(before, MARK));
});

test('nothing is written of a file that is no result', async () => {
  await expect(documented('faults/document.ts', page, [{ rounds: 'many' }])).rejects.toThrow('rounds');
});
