import type { Result } from './result.ts';
import { cellsOf, HEADER } from './text.ts';

const BEGIN = '<!-- the table of the last long run begins here; written by faults/document.ts -->';
const END = '<!-- and ends here -->';

/** The document with the table of a run between its marks. @throws Error when it has no such marks. */
export function withTable(document: string, result: Result): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('The document has no place for the table.');
  return `${document.slice(0, begin)}${BEGIN}\n\n${render(result)}\n\n${document.slice(end)}`;
}

function render(result: Result): string {
  const { rounds, seed, lanes, minutes, machine, versions, at, defects } = result;
  const made = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const place = `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB`;
  const head = `${rounds} rounds with seed \`${seed}\` on ${lanes} installations side by side, ${minutes} minutes, ${at.slice(0, 10)}. ${place}; ${made.join(', ')}.`;
  const rows = [HEADER, HEADER.map(() => '---'), ...result.rows.map(cellsOf)];
  const table = rows.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
  const found = defects.map(
    ({ round, fault, action, defect }) => `- round ${round}, \`${fault}\` on ${action}: ${cell(defect)}`,
  );
  return [head, table, ...(found.length > 0 ? [`Defects:\n\n${found.join('\n')}`] : ['No defect.'])].join('\n\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
