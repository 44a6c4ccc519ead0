import { z } from 'zod';
import { MOST_EDITIONS } from '../domain/edition.ts';
import { taskIdSchema } from '../domain/ids.ts';
import { stateSchema } from '../domain/lifecycle.ts';
import { ACTIONS } from '../domain/request.ts';

/** Where a page begins, and how long it is. */
const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many entries a page has at most.'),
  continuation: z.string().min(1).max(4000).exactOptional().describe('From the answer with the page before.'),
};

/** `GET /api/requests`. */
export const requestQuerySchema = z.object({
  state: stateSchema.exactOptional().describe('Only requests in this state.'),
  action: z.enum(ACTIONS).exactOptional().describe('Only exports, or only deletes.'),
  ...page,
});

/** `GET …/failures`. */
export const failureQuerySchema = z.object(page);

/** `GET …/plan/items`. */
export const planItemQuerySchema = z.object({
  task: taskIdSchema.exactOptional().describe('Only the items of this task of the plan.'),
  ...page,
});

/** `GET …/receipt`. */
export const receiptQuerySchema = z.object({
  edition: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_EDITIONS)
    .optional()
    .describe('Of a request that was resumed: an earlier receipt than the last.'),
});

/** `GET /api/holds`. */
export const holdQuerySchema = z.object(page);

/** `POST /api/sweeps/{name}`. */
export const sweepQuerySchema = z.object({
  dryRun: z
    .enum(['true', 'false'], { error: 'is true or false' })
    .default('false')
    .describe('Says what would be done, and does none of it.'),
});
