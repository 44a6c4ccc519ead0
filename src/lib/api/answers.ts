import { z } from 'zod';
import { dueSchema } from '../domain/due.ts';
import { holdSchema } from '../domain/hold.ts';
import { requestIdSchema } from '../domain/ids.ts';
import { countsSchema } from '../domain/ledger.ts';
import { stateSchema } from '../domain/lifecycle.ts';
import { OWNERS } from '../domain/owner.ts';
import { plannedItemSchema, searchSchema, taskSchema } from '../domain/plan.ts';
import { failureSchema } from '../domain/redrive.ts';
import { ACTIONS, recordSchema } from '../domain/request.ts';
import { SWEEP_NAMES } from '../domain/sweeps.ts';

const count = z.number().int().nonnegative();
const moment = z.iso.datetime();
const links = z.record(z.string(), z.string()).describe('Paths on this host.');
const named = { requestId: requestIdSchema, state: stateSchema };
const expectedCompletion = moment.describe('When the answer is due by law.');

/** `POST /api/requests`. */
export const acceptedSchema = z.object({ ...named, expectedCompletion: expectedCompletion.exactOptional(), links });

const { documents: _, drift: __, ...sums } = countsSchema.shape;
const viewCounts = {
  ...sums,
  done: count.describe('Items with a final line.'),
  open: count.describe('Items found, without a final line yet.'),
};

const taskStatusSchema = taskSchema.omit({ way: true, contents: true }).extend({
  ...viewCounts,
  phase: z.string().describe('What the task does now.'),
  finished: z.boolean(),
  search: searchSchema.exactOptional().describe('By what one person is looked for, and what may stay unfound.'),
});
export type TaskStatus = z.infer<typeof taskStatusSchema>;

const told = recordSchema.pick({
  requestId: true,
  state: true,
  stateSince: true,
  submittedAt: true,
  submittedBy: true,
  deadline: true,
  due: true,
  late: true,
  held: true,
  plan: true,
  decisionDeadline: true,
  decision: true,
  cancel: true,
  waitingFor: true,
  outcome: true,
  endedAt: true,
  results: true,
  forgotten: true,
  policy: true,
  edition: true,
  redrive: true,
});

/** `GET /api/requests/{id}`: nothing of the person. `bytes` are of contents that were downloaded. */
export const requestStatusSchema = told.extend({
  run: recordSchema.shape.run.omit({ deaths: true }),
  action: z.enum(ACTIONS),
  dryRun: z.boolean(),
  targets: z.array(z.string()),
  expectedCompletion: expectedCompletion.exactOptional(),
  waitsFor: z
    .object({ owner: z.enum(OWNERS), deadline: moment.exactOptional(), afterwards: z.string() })
    .exactOptional()
    .describe('Who has to do something for it to go on, until when, and what happens then.'),
  paused: z
    .array(z.object({ target: z.string(), since: moment, because: z.string(), nextTry: moment }))
    .exactOptional()
    .describe('Targets that are down or refuse our sign-in: tried again by themselves.'),
  holds: z.array(holdSchema).exactOptional().describe('What keeps deletes and sweeps back.'),
  tasks: z.array(taskStatusSchema),
  totals: z.object(viewCounts),
  links,
});
export type RequestStatus = z.infer<typeof requestStatusSchema>;

/** `GET /api/requests`. */
export const requestPageSchema = z.object({
  requests: z.array(
    z.object({ ...named, action: z.enum(ACTIONS), submittedAt: moment, targets: z.array(z.string()), links }),
  ),
  continuation: z.string().exactOptional(),
  links: z.object({ next: z.string() }).exactOptional(),
});

/** `GET …/plan/items`. */
export const planItemPageSchema = z.object({
  requestId: requestIdSchema,
  revision: count.describe('Of the plan.'),
  hash: z.string().describe('Of the plan: what a decision approves.'),
  items: z.array(plannedItemSchema),
  continuation: z.string().exactOptional(),
  links: z.object({ next: z.string() }).exactOptional(),
});

/** `POST …/decision`. */
export const decidedSchema = z.object({ ...named, decision: recordSchema.shape.decision, links });

/** `POST …/cancel`. */
export const cancelledSchema = z.object({ ...named, cancel: recordSchema.shape.cancel, links });

/** `POST …/extend`. */
export const extendedSchema = z.object({ ...named, due: dueSchema, expectedCompletion, deadline: moment, links });

/** `GET …/failures`. */
export const failurePageSchema = z.object({
  requestId: requestIdSchema,
  failures: z.array(failureSchema),
  continuation: z.string().exactOptional(),
  links: z.object({ next: z.string() }).exactOptional(),
});

/** `POST …/redrive`. */
export const redrivenSchema = z.object({
  ...named,
  plan: recordSchema.shape.plan,
  edition: recordSchema.shape.edition,
  redrives: recordSchema.shape.redrives,
  links,
});

const fileSchema = z.object({
  name: z.string(),
  bytes: count,
  href: z.string(),
  link: z.string().exactOptional().describe('Where a link to it can be had; absent where none are handed out.'),
});

/** `POST …/package/{name}/link`. */
export const linkOrderSchema = z.strictObject({});
export const linkSchema = z.object({
  requestId: requestIdSchema,
  name: z.string(),
  href: z.string().describe('Opens the file for whoever has it, without key and token.'),
  expiresAt: moment,
});

/** `GET …/package`. */
export const packageSchema = z.object({
  requestId: requestIdSchema,
  volumes: z.array(fileSchema.extend({ sha256: z.string() })),
  manifest: fileSchema,
});

/** `GET /api/holds`. */
export const holdPageSchema = z.object({ holds: z.array(holdSchema), continuation: z.string().exactOptional() });

/** `POST /api/sweeps/{name}`. */
export const sweptSchema = z.object({
  sweep: z.enum(SWEEP_NAMES),
  dryRun: z.boolean(),
  counts: z.record(z.string(), count).describe('What was done, or would be, by kind.'),
  more: z.boolean().describe('The time was up before the end: the next run goes on.'),
  requests: z.array(z.object({ requestId: requestIdSchema, href: z.string() })),
});

/** `GET /api/health`. */
export const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });

/** `GET /api/openapi.json`. */
export const openApiSchema = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });
