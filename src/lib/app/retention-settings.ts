import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { branchOf } from '../catalog/catalog.ts';
import type { RetentionPeriods } from '../domain/retention.ts';
import { type RetentionPolicy, retentionSchema } from '../domain/retention-policy.ts';
import type { Target } from '../domain/target.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const days = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const periodsSchema = z.object({
  DSR_RETAIN_EXPORT_DAYS: days(30),
  DSR_RETAIN_DELETE_DAYS: days(90),
  DSR_RETAIN_SUBJECT_DAYS: days(90),
  DSR_RETAIN_HISTORY_DAYS: days(14),
  DSR_VERSIONS_KEPT_DAYS: z.coerce.number().int().positive().optional(),
});

/**
 * How long things are kept after a request's end, in days. @param downloadDays how long packages are handed out: they must stay for longer.
 * @throws ZodError that names the setting, Error where packages would go while they are handed out.
 */
export function periodsFrom(environment: Environment, downloadDays?: number): RetentionPeriods {
  const values = periodsSchema.parse(environment);
  const { DSR_RETAIN_EXPORT_DAYS: ofExports, DSR_RETAIN_DELETE_DAYS: ofDeletes } = values;
  // A delete that exported first has a package too, and the shorter time.
  if (downloadDays !== undefined && downloadDays >= Math.min(ofExports, ofDeletes)) {
    throw new Error(
      `DSR_DOWNLOAD_DAYS (${downloadDays}) must be less than DSR_RETAIN_EXPORT_DAYS (${ofExports}) and DSR_RETAIN_DELETE_DAYS (${ofDeletes}): ` +
        'a package is handed out no longer some time before it is removed.',
    );
  }
  return {
    exportResults: values.DSR_RETAIN_EXPORT_DAYS,
    deleteResults: values.DSR_RETAIN_DELETE_DAYS,
    subject: values.DSR_RETAIN_SUBJECT_DAYS,
    history: values.DSR_RETAIN_HISTORY_DAYS,
    ...(values.DSR_VERSIONS_KEPT_DAYS !== undefined && { versions: values.DSR_VERSIONS_KEPT_DAYS }),
  };
}

/**
 * RETENTION: the policies, as JSON or as the path of a file with it; none without it.
 * @throws ZodError, SyntaxError, Error that names a policy whose target or family doesn't fit.
 */
export function policiesFrom(environment: Environment, targets: readonly Target[]): readonly RetentionPolicy[] {
  const text = environment.RETENTION ?? '';
  if (text.trim() === '') return [];
  const given: unknown = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
  const { policies } = retentionSchema.parse(given);
  const faults = policies.flatMap((policy) => faultOf(policy, targets) ?? []);
  if (faults.length > 0) throw new Error(faults.join(' '));
  return policies;
}

function faultOf({ name, target, family }: RetentionPolicy, targets: readonly Target[]): string | undefined {
  const registered = targets.find((one) => one.name === target);
  if (!registered) return `${name}: no target is called ${target}.`;
  const families = (branchOf(registered.kind)?.families ?? []).filter(({ age }) => age !== undefined);
  if (families.some((one) => one.family === family)) return undefined;
  return `${name}: of ${target}, only ${families.map((one) => one.family).join(', ') || 'nothing'} can go by age.`;
}
