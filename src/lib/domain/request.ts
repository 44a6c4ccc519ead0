import { z } from 'zod';
import { callbackUrlsSchema, changeSchema } from './callback.ts';
import { dueSchema, REGULATIONS } from './due.ts';
import { heldSchema } from './hold.ts';
import { requestIdSchema } from './ids.ts';
import { journalHeadSchema } from './journal.ts';
import { countsSchema } from './ledger.ts';
import { stateSchema } from './lifecycle.ts';
import { openDsrSchema } from './open-dsr.ts';
import { readsSchema } from './reads.ts';
import { redriveSchema } from './redrive.ts';

export const ACTIONS = ['export', 'delete'] as const;
export type Action = (typeof ACTIONS)[number];

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, at most 63');
const names = z.union([
  z.literal('all'),
  z
    .array(name)
    .min(1)
    .max(200)
    .refine((all) => new Set(all).size === all.length, 'names an entry twice'),
]);

/** The person. Only the record holds this; `reference` is the portal's own opaque word for the person. */
export const subjectSchema = z.strictObject({
  reference: z.string().min(1).max(200).describe('The portal’s own opaque word for the person.'),
  objectId: z.uuid().optional(),
  userPrincipalName: z.string().min(3).max(320).optional(),
  email: z.email().max(320).optional(),
});

/** Members of a subject by which a person is found; `reference` is the portal's word only. */
export const IDENTIFIERS = ['objectId', 'userPrincipalName', 'email'] as const satisfies (keyof z.infer<
  typeof subjectSchema
>)[];
export type Identifier = (typeof IDENTIFIERS)[number];

/** The body of `POST /api/requests`. Targets and scope are required: everything is written "all", never assumed. */
export const submissionSchema = z
  .strictObject({
    action: z.enum(ACTIONS),
    subject: subjectSchema,
    targets: names.describe('Names of registered targets, or all of them.'),
    families: names.default('all').describe('Kinds of data (docs/CATALOG.md), or all of them.'),
    scope: z.enum(['target', 'subject']).describe('`target`: everything there. `subject`: only what names the person.'),
    dryRun: z.boolean().default(false).describe('Only the plan is made.'),
    exportFirst: z
      .boolean()
      .optional()
      .describe('A delete that exports first: erasing doesn’t begin unless the export is whole.'),
    erase: z
      .enum(['each', 'together'])
      .optional()
      .describe(
        '`each`, also when absent: item by item. `together`: with their parent, or all at once, wherever upstream has a call for that.',
      ),
    regulation: z
      .enum(REGULATIONS)
      .optional()
      .describe('The law that sets the time limit of the answer; without it the operator’s setting says which.'),
    note: z.string().max(2000).optional(),
    callbackUrls: callbackUrlsSchema.optional().describe('Told of every change of state: ids and states only.'),
  })
  .refine(
    ({ scope, subject }) => scope !== 'subject' || IDENTIFIERS.some((identifier) => subject[identifier] !== undefined),
    {
      path: ['subject'],
      message: 'subject scope needs an objectId, a userPrincipalName or an email by which the person is found',
    },
  )
  .refine(({ action, exportFirst }) => action === 'delete' || !exportFirst, {
    path: ['exportFirst'],
    message: 'goes with a delete only',
  })
  .refine(({ action, scope, erase }) => erase !== 'together' || (action === 'delete' && scope === 'target'), {
    path: ['erase'],
    message: 'together goes with a delete in target scope only: what is shared must not go along',
  });
export type Submission = z.infer<typeof submissionSchema>;

const moment = z.iso.datetime();

/** Who lets a delete go on that a retention policy made. */
export const APPROVALS = ['policy', 'person'] as const;

/**
 * The removal of package, contents and task results. `removedAt` is absent while it is under way. `goneBy`: when storage has let go of its own last
 * copies; absent where it keeps versions, or doesn't say.
 */
const removalSchema = z.object({
  since: moment,
  removedAt: moment.optional(),
  goneBy: moment.optional(),
  totals: countsSchema,
});

/** Who decided what, on which plan. */
export const decisionSchema = z.object({
  decision: z.enum(['approve', 'reject']),
  planHash: z.string(),
  actor: z.string(),
  at: moment,
});

/** How a request ends once it is sealed; chosen before sealing begins. */
export const OUTCOMES = ['complete', 'complete-partially', 'fail', 'end-cancelled'] as const;

/** A submission as records keep it: once the person is removed from it, it no longer is what a portal could send. */
const storedSubmission = z.strictObject(submissionSchema.shape);

export const recordSchema = z.object({
  v: z.literal(1),
  requestId: requestIdSchema,
  submission: storedSubmission,
  /** Names as they were when the request came in: "all" is resolved once. */
  targets: z.array(z.string()),
  client: z.string(),
  submittedBy: z.string(),
  submittedAt: moment,
  /** After this nothing more is begun; what is open is settled and reported. */
  deadline: moment,
  /** When the answer is due by law; records of older versions don't say. */
  due: dueSchema.optional(),
  /** Since when the answer has been late. */
  late: moment.optional(),
  state: stateSchema,
  stateSince: moment,
  run: z.object({
    n: z.number().int().nonnegative(),
    ended: z.boolean(),
    claimedAt: moment.optional(),
    /** Runs in a row before this one that began and died; `mark`: how far the request was at the last death. */
    deaths: z.object({ count: z.number().int().positive(), mark: z.string() }).optional(),
  }),
  plan: z.object({ revision: z.number().int().positive(), hash: z.string() }).optional(),
  decisionDeadline: moment.optional(),
  /** Smallest distance in days before that very deadline of which the approver was reminded. */
  reminded: z.object({ deadline: moment, days: z.number().int().positive() }).optional(),
  decision: decisionSchema.optional(),
  cancel: z.object({ at: moment, actor: z.string(), reason: z.string() }).optional(),
  /** True from the moment in which something upstream may have been changed. */
  touchedUpstream: z.boolean(),
  /** Holds keep it back. */
  held: heldSchema.optional(),
  waitingFor: z.object({ target: z.string(), request: z.string(), since: moment }).optional(),
  /** Targets whose pause the request has met, and since when those are paused. */
  paused: z.record(z.string(), moment).optional(),
  /** Why nothing more is begun although nobody cancelled: the export that had to come first isn't whole. */
  standDown: z.string().optional(),
  /** When the operator was last told that it doesn't come to its end. */
  escalatedAt: moment.optional(),
  /** The package could not be made, however often it was tried: the request is sealed without one. */
  withoutPackage: z.literal(true).optional(),
  /** Keys of shared things that a decision named explicitly: they go whole, other people's data with them. */
  include: z.array(z.string()).optional(),
  /** Whose decision named the last of them, and through which client: somebody else approves the plan that came of it. */
  widenedBy: z.object({ actor: z.string(), client: z.string() }).optional(),
  outcome: z.object({ event: z.enum(OUTCOMES), reason: z.string() }).optional(),
  endedAt: moment.optional(),
  /** Which sealing it has come to or is on its way to, where that isn't the first: it was resumed. */
  edition: z.number().int().min(2).optional(),
  /** Ordered while it runs; taken up when what is being done has come to its end. */
  redrive: redriveSchema.optional(),
  /** This revision of the plan does again what the one before it left, and nothing else. */
  again: redriveSchema.extend({ revision: z.number().int().positive() }).optional(),
  /** How often it was sent again. */
  redrives: z.number().int().positive().optional(),
  /** Key of the receipt's digest of the submission; records of older versions have none. */
  salt: z.string().min(43).optional(),
  lastReads: readsSchema.optional(),
  /** Changes of state to be told to `callbackUrls`. */
  changes: z.array(changeSchema).optional(),
  /** Digest under which the caller's idempotency key is stored; records of older versions have none. */
  keyDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  results: removalSchema.optional(),
  /** Since when key and plan are being removed, before the person leaves the record: from here on it is not done again. */
  forgettingSince: moment.optional(),
  /** Everything that names the person has left the record: what stays is a tombstone. */
  forgotten: z.object({ at: moment, goneBy: moment.optional() }).optional(),
  /** The retention policy that made this request, without any portal; only items older than `before` belong to it. */
  policy: z.object({ name: z.string(), before: moment, approval: z.enum(APPROVALS) }).optional(),
  /** How it came in, when by that standard. */
  openDsr: openDsrSchema.optional(),
  journal: journalHeadSchema,
});
export type RequestRecord = z.infer<typeof recordSchema>;

/** A record as it shall be, and the line that tells of it. The journal's head is the store's affair. */
export interface RecordChange {
  readonly record: RequestRecord;
  readonly entry: { readonly at: string; readonly actor: string; readonly event: string; readonly reason: string };
}
