import { expect, test } from 'vitest';
import { reportMarkdown, withTable } from '../../../bench/report/markdown.ts';
import { atLeast, atMost, figure, type Report } from '../../../bench/report/outcome.ts';
import { outcomeText } from '../../../bench/report/text.ts';

const row = {
  name: 'images',
  what: 'Export of images',
  size: '20 images',
  rounds: 3,
  figures: [figure('export', 12_345.6, '1/s'), figure('ratio', 0.98765)],
  goals: [atLeast('straight line ×', 0.9, 0.95), atMost('calls', 3, 4)],
  took: 12.3,
};
const report: Report = {
  v: 1,
  machine: {
    date: '2026-11-22T17:30:00.000Z',
    commit: 'abc1234',
    processor: 'CPU',
    cores: 2,
    memoryGibibytes: 8,
    system: 'Linux 6',
    versions: { node: '24.0.0' },
    loadBefore: 0.1,
  },
  scale: 1,
  rows: [row, { ...row, name: 'erase', rounds: 0, figures: [], goals: [], failure: 'Error: broken\n at x' }],
};

test('the document says where it was measured, which goals are met, and what failed', () => {
  const text = reportMarkdown(report);
  expect(text).toContain('Measured 2026-11-22 17:30 UTC at commit abc1234 on 2 × CPU');
  expect(text).toContain('| images | straight line × ≥ 0.95 | 0.900 | **not met** |');
  expect(text).toContain('| images | calls ≤ 4 | 3 | met |');
  expect(text).toContain('| | export | 12,346 1/s |');
  expect(text).toContain('| **erase** | failed | Error: broken |');
});

test('only the table between its marks is replaced', () => {
  const page = withTable(`before\n${marks('old')}\nafter\n`, 'new');
  expect(page).toBe(`before\n${marks('new')}\nafter\n`);
  expect(() => withTable('no marks', 'new')).toThrow('marks');
});

test('a terminal shows a row with its numbers, and a failure instead of them', () => {
  expect(outcomeText(row)).toMatch(
    /images: Export of images \(20 images; median of 3 rounds; took 12 s\)[\s\S]*NOT met/,
  );
  expect(outcomeText({ ...row, failure: 'broken' })).toBe('images: failed: broken');
});

const marks = (table: string): string =>
  `<!-- begin of the measured table: npm run bench:document -- bench.json -->\n${table}\n<!-- end of the measured table -->`;
