import { z } from 'zod';
import { requestIdSchema, taskIdSchema } from './ids.ts';
import { countsSchema, PROOF_LEVELS } from './ledger.ts';
import { byHandSchema, ERASE_WAYS } from './plan.ts';
import { ACTIONS, decisionSchema, OUTCOMES, submissionSchema } from './request.ts';

const count = z.number().int().nonnegative();
const moment = z.iso.datetime();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Items with one ground, reason or remark. `keys`: the first few of them. The ground `OTHER_GROUNDS` sums up what is too much to list. */
export const groundSchema = z.object({ ground: z.string(), items: count, keys: z.array(z.string()) });
export type Ground = z.infer<typeof groundSchema>;

export const OTHER_GROUNDS = '(other grounds, not listed one by one)';

/** What is told of items by ground; `gaps` are places that could not be read. */
export const GROUPED = ['kept', 'refused', 'absent', 'gaps'] as const;
export type Grouped = (typeof GROUPED)[number];

const receiptTaskSchema = z.object({
  taskId: taskIdSchema,
  family: z.string(),
  target: z.string(),
  /** How the family's items are erased. */
  way: z.enum(ERASE_WAYS),
  counts: countsSchema,
  /** How many items were proved gone, by how strong a proof. */
  proofs: z.partialRecord(z.enum(PROOF_LEVELS), count),
  /** Of those that were erased: gone though nobody saw the answer to the deletion. */
  unobserved: count,
  grounds: z.record(z.enum(GROUPED), z.array(groundSchema)),
});
export type ReceiptTask = z.infer<typeof receiptTaskSchema>;

/** Tasks of one revision of the plan. `carriedOut`: it was more than a plan; only then its items have final lines, and count in totals. */
const receiptRevisionSchema = z.object({
  revision: z.number().int().positive(),
  carriedOut: z.boolean(),
  tasks: z.array(receiptTaskSchema),
});
export type ReceiptRevision = z.infer<typeof receiptRevisionSchema>;

const askedSchema = submissionSchema
  .pick({ action: true, families: true, scope: true, dryRun: true })
  .extend({ action: z.enum(ACTIONS), targets: z.array(z.string()), submittedAt: moment, submittedBy: z.string() });

/** `receipt.json`: the account of a request. It names the request, never the subject. */
export const receiptSchema = z.object({
  v: z.literal(1),
  requestId: requestIdSchema,
  madeAt: moment,
  /** Version of the app that made it. */
  app: z.object({ name: z.string(), version: z.string() }),
  signature: z.null(),
  note: z.string(),
  asked: askedSchema,
  decision: decisionSchema.optional(),
  cancelled: z.object({ at: moment, actor: z.string() }).optional(),
  outcome: z.object({ event: z.enum(OUTCOMES), reason: z.string() }).optional(),
  /** True when something upstream may have been changed. */
  touchedUpstream: z.boolean(),
  revisions: z.array(receiptRevisionSchema),
  totals: countsSchema,
  /** Sums that don't add up, as sentences; empty in order. */
  faults: z.array(z.string()),
  byHand: z.array(byHandSchema),
  times: z.object({ submittedAt: moment, decidedAt: moment.optional(), sealingSince: moment, deadline: moment }),
  /** The manifest of the package, where there is one: it holds the digests of everything else in it. */
  manifest: z.object({ bytes: count, sha256: digest }).optional(),
  /** Last line of the journal when the receipt was made. */
  journal: z.object({ seq: count, hash: z.string() }),
});
export type Receipt = z.infer<typeof receiptSchema>;
