import { z } from 'zod';
import { addDays, secondsBetween } from './clock.ts';

/** Laws that set a time limit for the answer to a data subject. */
export const REGULATIONS = ['gdpr', 'ccpa'] as const;
export type Regulation = (typeof REGULATIONS)[number];

const moment = z.iso.datetime();

/** When the answer is due by law, and how that came about. `warned`: smallest distance in days that was warned of already. */
export const dueSchema = z.object({
  regulation: z.enum(REGULATIONS),
  by: moment,
  extension: z.object({ at: moment, actor: z.string(), reason: z.string(), before: moment }).optional(),
  warned: z.number().int().positive().optional(),
});
export type Due = z.infer<typeof dueSchema>;

/** Time limits from the receipt of a request: GDPR art. 12(3); CCPA, 11 CCR § 7021(b), calendar days. */
const LIMITS: Record<Regulation, { first: (from: Date) => Date; extended: (from: Date) => Date }> = {
  gdpr: { first: (from) => addMonths(from, 1), extended: (from) => addMonths(from, 3) },
  ccpa: { first: (from) => addDays(from, 45), extended: (from) => addDays(from, 90) },
};

/** When the answer to a request that came in at `from` is due. */
export const dueAfter = (regulation: Regulation, from: Date): Date => LIMITS[regulation].first(from);

/** The same with the one extension that the law allows. */
export const dueExtended = (regulation: Regulation, from: Date): Date => LIMITS[regulation].extended(from);

/**
 * The same moment of the same date `months` later, or of the month's last day where it has no such date (UTC). Regulation (EEC, Euratom)
 * 1182/71, art. 3, would let a period run to the end of that day, and on from a weekend or a holiday: earlier is always in time.
 */
export function addMonths(from: Date, months: number): Date {
  const due = new Date(from);
  due.setUTCDate(1);
  due.setUTCMonth(due.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + 1, 0)).getUTCDate();
  due.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return due;
}

/** Whether the time limit has passed. */
export const isLate = (due: Pick<Due, 'by'>, now: Date): boolean => now > new Date(due.by);

/**
 * The distance in days before `by` of which a warning is due now; undefined when there is none, or it was given. Only the nearest is
 * warned of. @param given the smallest distance that was warned of.
 */
export function distanceDue(
  { by, given = Number.POSITIVE_INFINITY }: { readonly by: string; readonly given?: number | undefined },
  distances: readonly number[],
  now: Date,
): number | undefined {
  const days = secondsBetween(now, new Date(by)) / 86_400;
  const reached = distances.filter((distance) => days <= distance && distance < given);
  return reached.length > 0 ? Math.min(...reached) : undefined;
}
