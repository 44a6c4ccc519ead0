import { z } from 'zod';
import { APPROVALS } from './request.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, at most 63');

/** What of one family on one target goes when it is old. */
export const retentionPolicySchema = z.strictObject({
  name,
  target: name,
  family: name,
  olderThanDays: z.number().int().min(1).max(36_500),
  /** Who lets the delete go on: this policy, or a person who has seen the plan. */
  approval: z.enum(APPROVALS).default('person'),
  /** A request is made at most once in so many days. */
  everyDays: z.number().int().min(1).max(31).default(7),
});
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>;

/** `retention.json`: the operator's retention of upstream data. */
export const retentionSchema = z
  .strictObject({ policies: z.array(retentionPolicySchema).max(200) })
  .refine(({ policies }) => new Set(policies.map((policy) => policy.name)).size === policies.length, {
    message: 'two policies have the same name',
  });
