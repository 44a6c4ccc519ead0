import { CronExpressionParser } from 'cron-parser';

/** Times of an NCRONTAB expression, in UTC. */
export interface Schedule {
  /** The first time after the given one. */
  next(after: Date): Date;
  /** Below a minute the genuine host keeps no status. */
  readonly isUnderAMinute: boolean;
}

const FIELD = /^(?:[0-9*,/-]|[a-z]{3})+$/i;
const MOST_STEPS = 10_000;

/**
 * Reads six fields (second first) or five (the second is then 0). Unlike in Unix cron a day must fit day of month *and* day of week
 * when both are given.
 * @throws when the expression cannot be read or never comes true.
 */
export function parseSchedule(expression: string): Schedule {
  const fields = expression.trim().split(/\s+/);
  if (fields.length === 5) fields.unshift('0');
  if (fields.length !== 6 || !fields.every((field) => FIELD.test(field))) {
    throw new Error(`"${expression}" is not an NCRONTAB schedule of six fields`);
  }
  const next = (after: Date) => nextTime(fields, after);
  return { next, isUnderAMinute: leastGap(next) < 60_000 };
}

function nextTime(fields: readonly string[], after: Date): Date {
  const options = { currentDate: after, tz: 'UTC' };
  const byMonthDay = CronExpressionParser.parse([...fields.slice(0, 5), '*'].join(' '), options);
  const byWeekday = CronExpressionParser.parse([...fields.slice(0, 3), '*', fields[4], fields[5]].join(' '), options);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const candidate = byMonthDay.next();
    if (byWeekday.includesDate(candidate)) return candidate.toDate();
  }
  throw new Error(`The schedule "${fields.join(' ')}" never comes true`);
}

function leastGap(next: Schedule['next']): number {
  let [time, least] = [next(new Date()), Number.POSITIVE_INFINITY];
  for (let step = 0; step < 5; step += 1) {
    const following = next(time);
    least = Math.min(least, following.getTime() - time.getTime());
    time = following;
  }
  return least;
}
