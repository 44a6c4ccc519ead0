import type { Family } from '../catalog/family.ts';
import { memberAt } from './places.ts';

/** A date and time as the services write them: fractions of up to nine digits, `Z`, an offset, or neither (contradictions.md, section 12). */
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/i;
/** Without a zone it may be the time of any place: the furthest west is twelve hours behind UTC. */
const FURTHEST_MILLISECONDS = 12 * 3_600_000;
/** .NET writes year 1 for a date that was never set; none of the services is as old as this. */
const FIRST_YEAR = 2000;

/**
 * The latest moment that such a text can mean, in milliseconds since 1970, rounded up. Undefined for what isn't one, or lies before any of the services
 * existed.
 */
export function latestMoment(text: unknown): number | undefined {
  const parts = typeof text === 'string' ? MOMENT.exec(text) : null;
  if (!parts) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone] = parts;
  const read = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${(zone ?? 'Z').toUpperCase()}`);
  const isReal = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (Number.isNaN(read) || !isReal || Number(year) < FIRST_YEAR) return undefined;
  const milliseconds = Math.ceil(Number(`0.${fraction || '0'}`) * 1000);
  return read + milliseconds + (zone === undefined ? FURTHEST_MILLISECONDS : 0);
}

/** Whether an item certainly is older than `before`, by the member that the catalogue names. What can't be read counts as young. */
export function isOlder(family: Pick<Family, 'age'>, document: unknown, before: Date): boolean {
  if (family.age === undefined) return false;
  const latest = latestMoment(memberAt(document, family.age));
  return latest !== undefined && latest < before.getTime();
}
