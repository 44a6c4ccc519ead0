import { z } from 'zod';
import { requestIdSchema, taskIdSchema } from './ids.ts';
import { countsSchema, PROOF_LEVELS } from './ledger.ts';
import { byHandSchema, ERASE_WAYS, otherPeopleSchema, searchSchema, taskSchema } from './plan.ts';
import { ACTIONS, decisionSchema, OUTCOMES, submissionSchema } from './request.ts';
import { SIGNATURE_ALGORITHMS } from './signer.ts';

const count = z.number().int().nonnegative();
const moment = z.iso.datetime();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Items with one ground, reason or remark. `lines`: where the first few of them stand in the task's ledger, as `{result}:{line}`, lines
 * counted from 1. A receipt outlives the ledger, so it holds no upstream names, which may be a person's. The ground `OTHER_GROUNDS` sums
 * up what is too much to list.
 */
export const groundSchema = z.object({
  ground: z.string(),
  items: count,
  lines: z.array(z.string().regex(/^[a-z]+-(?:root|[0-9a-f]{24}):[1-9][0-9]*$/)),
});
export type Ground = z.infer<typeof groundSchema>;

export const OTHER_GROUNDS = '(other grounds, not listed one by one)';

/** What is told of items by ground; `gaps` are places that could not be read. */
export const GROUPED = ['kept', 'refused', 'absent', 'gaps'] as const;
export type Grouped = (typeof GROUPED)[number];

/**
 * The results of a task as they lay in storage at sealing. `sha256`: of what `sha256sum *.ndjson` prints in the task's folder `done`
 * (docs/RECEIPT.md). `altered`: results that no longer are what was committed. `settled`: the items with a final line are the very items that were
 * found, each once; not so for a plan that was only looked at.
 */
const ledgerSchema = z.object({ results: count, bytes: count, sha256: digest, altered: count, settled: z.boolean() });
export type Ledger = z.infer<typeof ledgerSchema>;

const receiptTaskSchema = z.object({
  taskId: taskIdSchema,
  family: z.string(),
  target: z.string(),
  /** How the family's items are erased. */
  way: z.enum(ERASE_WAYS),
  /** It saved what another task of the same family erases: each such item counts twice in the totals, saved and erased. */
  role: taskSchema.shape.role,
  /** It did again what that task, of an earlier revision, had left. */
  again: taskSchema.shape.again,
  /** Of a delete: its items are the very ones that the earlier task left. */
  tookOver: z.boolean().optional(),
  /** By what the person was looked for, and what may have stayed unfound; absent where everything was wanted, whoever's. */
  search: searchSchema.optional(),
  /** Of an export of everything: people besides the subject whom its documents name or mention; `more`: at least so many. */
  others: otherPeopleSchema.optional(),
  counts: countsSchema,
  /** How many items were proved gone, by how strong a proof. */
  proofs: z.partialRecord(z.enum(PROOF_LEVELS), count),
  /** Of those that were erased: gone though nobody saw the answer to the deletion. */
  unobserved: count,
  /** Of those that were erased: accepted in a call for several items, proved gone afterwards; absent where there are none. */
  inBatch: count.optional(),
  grounds: z.record(z.enum(GROUPED), z.array(groundSchema)),
  ledger: ledgerSchema,
});
export type ReceiptTask = z.infer<typeof receiptTaskSchema>;

/** Tasks of one revision of the plan. `carriedOut`: it was more than a plan; only then its items have final lines, and count in totals. */
const receiptRevisionSchema = z.object({
  revision: z.number().int().positive(),
  carriedOut: z.boolean(),
  tasks: z.array(receiptTaskSchema),
});
export type ReceiptRevision = z.infer<typeof receiptRevisionSchema>;

const { families, scope, dryRun } = submissionSchema.shape;
const askedSchema = z.object({
  action: z.enum(ACTIONS),
  targets: z.array(z.string()),
  families,
  scope,
  dryRun,
  /** Absent: each item by itself. */
  erase: z.literal('together').optional(),
  /** Everything was to be saved before anything is erased. */
  exportFirst: z.literal(true).optional(),
  submittedAt: moment,
  submittedBy: z.string(),
  /** Asked by a retention policy: only items older than this. */
  policy: z.object({ name: z.string(), before: moment }).optional(),
});

/** `receipt.json`: the account of a request. It names the request, never the subject. */
export const receiptSchema = z.object({
  v: z.literal(1),
  requestId: requestIdSchema,
  madeAt: moment,
  /** Absent: the first. A request that was resumed has one more; it counts everything since the request came in. */
  edition: z.number().int().min(2).optional(),
  /** The edition before: SHA-256 of its `receipt.json`, which stays as it is. */
  previous: z
    .object({
      edition: z.number().int().positive(),
      bytes: count,
      sha256: digest,
      madeAt: moment,
      event: z.enum(OUTCOMES),
    })
    .optional(),
  /** Version of the app that made it. */
  app: z.object({ name: z.string(), version: z.string() }),
  /** For each target the versions of its service that the app speaks for the families asked for; a target that is no longer registered has none. */
  services: z.array(z.object({ target: z.string(), versions: z.array(z.string()) })).optional(),
  /** Who signs `receipt.jws`, which holds these very bytes; null when nobody does. `keyId`: RFC 7638 thumbprint. */
  signature: z.object({ algorithm: z.enum(SIGNATURE_ALGORITHMS), keyId: z.string() }).nullable(),
  note: z.string(),
  asked: askedSchema,
  /** HMAC-SHA-256 of the submission, keyed with a salt that only the record has (docs/RECEIPT.md). */
  submission: z.object({ hmacSha256: digest }).optional(),
  /** The plan that was carried out, or the last one that was made. */
  plan: z.object({ revision: z.number().int().positive(), hash: digest }).optional(),
  decision: decisionSchema.optional(),
  /** Shared things that a decision named explicitly, which went with other people's data in them: HMAC-SHA-256 of each key, as of `submission`. */
  include: z.array(z.object({ hmacSha256: digest })).optional(),
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
  /** Last line of the journal when the receipt was made: before the line that ends the request. */
  journal: z.object({ seq: count, hash: z.string() }),
});
export type Receipt = z.infer<typeof receiptSchema>;
