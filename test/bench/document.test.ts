import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { thisMachine } from '../../bench/report/machine.ts';
import { atLeast, figure, type Report } from '../../bench/report/outcome.ts';
import { aroundTable, documented } from '../scripts/support/documented.ts';

const page = join(import.meta.dirname, '../../docs/PERFORMANCE.md');
const report: Report = {
  v: 1,
  machine: thisMachine(),
  scale: 0.1,
  rows: [
    {
      ...{ name: 'images', what: 'Export of images', size: '20 images', rounds: 3, took: 12.3 },
      figures: [figure('export', 21.5, 'MB/s'), figure('ratio to nothing', 1 / 0)],
      goals: [atLeast('straight line ×', 0.96, 0.95)],
    },
    {
      ...{ name: 'erase', what: 'Delete of images', size: '', rounds: 0, took: 1 },
      ...{ figures: [], goals: [], failure: 'Error: a | b\n at x' },
    },
  ],
};

test('bench:document puts the table of a report into the page, and a later one in its place', async () => {
  const before = await readFile(page, 'utf8');
  const [first, second] = await documented('bench/document.ts', page, [report, { ...report, scale: 1 }]);
  expect(first).toContain(
    `at commit ${report.machine.commit} on ${report.machine.cores} × ${report.machine.processor}`,
  );
  expect(first).toContain('Sizes × 0.1.');
  expect(first).toContain('| images | straight line × ≥ 0.95 | 0.960 | met |');
  expect(first).toContain('| | export | 21.5 MB/s |\n| | ratio to nothing | – |');
  expect(first).toContain('| **erase** | failed | Error: a \\| b |');
  expect(second).toBe(first?.replace(' Sizes × 0.1.', ''));
  const mark = /<!-- (?:begin|end) of the measured table/;
  expect(aroundTable(first, mark)).toEqual(aroundTable(before, mark));
});

test('bench:document writes nothing of a file that is no report', async () => {
  await expect(documented('bench/document.ts', page, [{ rows: [] }])).rejects.toThrow('machine');
});
