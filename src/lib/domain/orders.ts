import { z } from 'zod';
import { requestIdSchema } from './ids.ts';
import { chosenSchema } from './redrive.ts';

/** The body of `POST …/decision`. The reason goes into the journal: it must not name the person. */
export const decisionOrderSchema = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  planHash: z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash in the plan: 64 lower-case hex digits'),
  reason: z.string().min(1).max(500).optional(),
  /**
   * Keys of shared items, as the plan's inventory lists them, that shall go with other people's data in them. The plan is made again with
   * all that lies within them, and that plan has to be approved.
   */
  include: z.array(z.string().min(1).max(2000)).min(1).max(1000).optional(),
});
export type DecisionOrder = z.infer<typeof decisionOrderSchema>;

/** The body of `POST …/cancel`. The reason goes into the journal: it must not name the person. */
export const cancelOrderSchema = z.strictObject({ reason: z.string().min(1).max(500).optional() });

/** The body of `POST /api/sweeps/{name}`: there is nothing to choose. */
export const sweepOrderSchema = z.strictObject({});

/** The body of `POST …/extend`. The law wants a reason, and that the subject is told; the reason must not name the person. */
export const extensionOrderSchema = z.strictObject({ reason: z.string().min(1).max(500) });

/** The body of `POST …/redrive`. The reason goes into the journal: it must not name the person. Without `only`: all that failed. */
export const redriveOrderSchema = z.strictObject({
  reason: z.string().min(1).max(500),
  only: z.array(chosenSchema).min(1).max(100).exactOptional(),
});
export type RedriveOrder = z.infer<typeof redriveOrderSchema>;

/** The body of `POST /api/holds`: one thing, why, and until when somebody asks again. Neither reason may name the person. */
export const holdOrderSchema = z
  .strictObject({
    request: requestIdSchema.optional(),
    target: z.string().min(1).max(63).optional(),
    /** The portal's reference for a person, as in a submission. */
    reference: z.string().min(1).max(200).optional(),
    reason: z.string().min(1).max(500),
    reviewBy: z.iso.datetime(),
    allowExports: z.boolean().default(false),
  })
  .refine(
    ({ request, target, reference }) => [request, target, reference].filter((one) => one !== undefined).length === 1,
    {
      message: 'a hold lies on exactly one of request, target and reference',
    },
  );
export type HoldOrder = z.infer<typeof holdOrderSchema>;

/** The body of `DELETE /api/holds/{id}`. */
export const liftOrderSchema = z.strictObject({ reason: z.string().min(1).max(500) });
