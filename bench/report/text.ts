import { renderTable } from '../../scripts/text-table.ts';
import type { Figure, Outcome } from './outcome.ts';

/** Three significant digits, more only in front of the point; a dash for what isn't a number. */
export function amount({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  if (!Number.isFinite(value)) return '–';
  const number =
    Number.isInteger(value) || Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  return unit === '' ? number : `${number} ${unit}`;
}

/** A row as a terminal shows it. */
export function outcomeText(outcome: Outcome): string {
  if (outcome.failure !== undefined) return `${outcome.name}: failed: ${outcome.failure}`;
  const rows = [
    ...outcome.figures.map((one) => ['', one.what, amount(one)]),
    ...outcome.goals.map(({ goal, value, met }) => [met ? 'met' : 'NOT met', goal, amount({ value, unit: '' })]),
  ];
  const title = `${outcome.name}: ${outcome.what} (${outcome.size}; ${rounds(outcome)}; took ${outcome.took.toFixed(0)} s)`;
  return `${title}\n${renderTable(['', '', ''], rows).split('\n').slice(1).join('\n')}`;
}

export const rounds = ({ rounds: count }: Pick<Outcome, 'rounds'>): string =>
  count === 1 ? 'one round' : `median of ${count} rounds`;
