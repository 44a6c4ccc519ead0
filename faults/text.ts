import { renderTable } from '../scripts/text-table.ts';
import type { Result, ResultRow } from './result.ts';

export const HEADER = [
  'group',
  'fault',
  'what goes wrong',
  'rounds',
  'held',
  'missed',
  'defects',
  'ended as',
  'seconds',
];

/** The cells of one fault. */
export const cellsOf = (row: ResultRow): string[] => [
  row.group,
  row.fault,
  row.what,
  ...[row.rounds, row.held, row.missed, row.defects].map(String),
  Object.entries(row.states)
    .map(([state, requests]) => `${state} ${requests}`)
    .join(', '),
  row.seconds.toFixed(1),
];

/** What a run gave, as a table for a terminal. */
export function renderResult({ rows, rounds, seed, minutes, defects }: Result): string {
  const sum = `${rounds} rounds with seed ${seed} in ${minutes} minutes: ${defects.length} defects.`;
  return `${renderTable(HEADER, rows.map(cellsOf))}\n\n${sum}`;
}
