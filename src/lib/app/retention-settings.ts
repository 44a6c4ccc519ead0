import { z } from 'zod';
import type { RetentionPeriods } from '../domain/retention.ts';

const days = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const periodsSchema = z.object({
  DSR_RETAIN_EXPORT_DAYS: days(30),
  DSR_RETAIN_DELETE_DAYS: days(90),
  DSR_RETAIN_SUBJECT_DAYS: days(90),
  DSR_RETAIN_HISTORY_DAYS: days(14),
});

/** How long things are kept after a request's end, in days. @throws ZodError that names the setting. */
export function periodsFrom(environment: Readonly<Record<string, string | undefined>>): RetentionPeriods {
  const values = periodsSchema.parse(environment);
  return {
    exportResults: values.DSR_RETAIN_EXPORT_DAYS,
    deleteResults: values.DSR_RETAIN_DELETE_DAYS,
    subject: values.DSR_RETAIN_SUBJECT_DAYS,
    history: values.DSR_RETAIN_HISTORY_DAYS,
  };
}
