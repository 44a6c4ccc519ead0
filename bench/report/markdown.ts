import type { Goal, Outcome, Report } from './outcome.ts';
import { amount, rounds } from './text.ts';

const BEGIN = '<!-- begin of the measured table: npm run bench:document -- bench.json -->';
const END = '<!-- end of the measured table -->';

/** The report as Markdown: where it was measured, each goal, and all numbers. */
export function reportMarkdown({ machine, scale, rows }: Report): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const sizes = scale === 1 ? '' : ` Sizes × ${scale}.`;
  const where = `Measured ${machine.date.slice(0, 16).replace('T', ' ')} UTC at commit ${machine.commit} on ${machine.cores} × ${machine.processor}, ${machine.memoryGibibytes} GiB, ${machine.system}; ${versions.join(', ')}; load before: ${machine.loadBefore.toFixed(1)}.${sizes}`;
  const goals = rows.flatMap((row) => row.goals.map((goal) => goalLine(row, goal)));
  return [
    where,
    '',
    '| benchmark | goal | measured | |',
    '|---|---|---|---|',
    ...goals,
    '',
    '| benchmark | what | measured |',
    '|---|---|---|',
    ...rows.flatMap(rowLines),
  ].join('\n');
}

const goalLine = ({ name }: Outcome, { goal, value, met }: Goal): string =>
  `| ${name} | ${goal} | ${amount({ value, unit: '' })} | ${met ? 'met' : '**not met**'} |`;

function rowLines(row: Outcome): string[] {
  if (row.failure !== undefined)
    return [`| **${row.name}** | failed | ${(row.failure.split('\n')[0] ?? '').replaceAll('|', '\\|')} |`];
  const head = `| **${row.name}** | ${row.what}: ${row.size} | ${rounds(row)}, ${row.took.toFixed(0)} s |`;
  return [head, ...row.figures.map((one) => `| | ${one.what} | ${amount(one)} |`)];
}

/** The document with the table between its marks replaced. @throws when it has no marks. */
export function withTable(document: string, table: string): string {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('The document has no marks for the table.');
  return `${before}${BEGIN}\n${table}\n${END}${after}`;
}
