import { z } from 'zod';
import { requestIdSchema } from '../src/lib/domain/ids.ts';
import { FINAL_OUTCOMES } from '../src/lib/domain/ledger.ts';
import { stateSchema } from '../src/lib/domain/lifecycle.ts';
import { ACTIONS, decisionSchema } from '../src/lib/domain/request.ts';

const count = z.number().int().nonnegative();
const moment = z.iso.datetime();
const links = z.record(z.string(), z.string());

/** The answer to `POST /api/requests`. */
export const acceptedSchema = z.object({
  requestId: requestIdSchema,
  state: stateSchema,
  expectedCompletion: moment.exactOptional(),
  links,
});
export type Accepted = z.infer<typeof acceptedSchema>;

const outcomes = z.record(z.enum(FINAL_OUTCOMES), count);
const sums = z.object({ found: count, done: count, open: count, gaps: count, bytes: count }).and(outcomes);

const taskSchema = z
  .object({
    taskId: z.string(),
    family: z.string(),
    target: z.string(),
    stage: count,
    phase: z.string(),
    finished: z.boolean(),
  })
  .and(sums);
export type TaskProgress = z.infer<typeof taskSchema>;

/** `GET /api/requests/{id}`: `bytes` are of contents that were downloaded. */
export const requestSchema = z.object({
  requestId: requestIdSchema,
  action: z.enum(ACTIONS),
  dryRun: z.boolean(),
  targets: z.array(z.string()),
  state: stateSchema,
  stateSince: moment,
  submittedAt: moment,
  submittedBy: z.string(),
  deadline: moment,
  expectedCompletion: moment.exactOptional(),
  late: moment.exactOptional(),
  plan: z.object({ revision: count, hash: z.string() }).exactOptional(),
  decisionDeadline: moment.exactOptional(),
  decision: decisionSchema.exactOptional(),
  cancel: z.object({ at: moment, actor: z.string(), reason: z.string() }).exactOptional(),
  waitingFor: z.object({ target: z.string(), request: z.string(), since: moment }).exactOptional(),
  outcome: z.object({ event: z.string(), reason: z.string() }).exactOptional(),
  endedAt: moment.exactOptional(),
  tasks: z.array(taskSchema),
  totals: sums,
  links,
});
export type RequestProgress = z.infer<typeof requestSchema>;

/** One page of `GET /api/requests`. */
export const requestListSchema = z.object({
  requests: z.array(
    z.object({
      requestId: requestIdSchema,
      state: stateSchema,
      action: z.enum(ACTIONS),
      submittedAt: moment,
      targets: z.array(z.string()),
      links,
    }),
  ),
  continuation: z.string().exactOptional(),
});
export type RequestList = z.infer<typeof requestListSchema>;

const file = z.object({ name: z.string(), bytes: count, href: z.string() });

/** `GET /api/requests/{id}/package`. */
export const packageSchema = z.object({ requestId: requestIdSchema, volumes: z.array(file), manifest: file });
export type PackageListing = z.infer<typeof packageSchema>;

/** The answer to a decision or a cancellation. */
export const movedSchema = z.object({ requestId: requestIdSchema, state: stateSchema });
export type Moved = z.infer<typeof movedSchema>;

export const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });
export type Health = z.infer<typeof healthSchema>;
