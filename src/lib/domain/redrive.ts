import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sliceIdSchema, taskIdSchema } from './ids.ts';

export const itemDigestSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hex digits, as failures name an item');

/** Names an item without telling what upstream calls it: 32 hex digits of the SHA-256 of its key. */
export const itemDigest = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32);

/** What is to be done again: a task, one of its slices, or one item of it. */
export const chosenSchema = z.strictObject({
  taskId: taskIdSchema,
  sliceId: sliceIdSchema.optional(),
  item: itemDigestSchema.optional(),
});
export type Chosen = z.infer<typeof chosenSchema>;

/** Who wants what failed to be done again, and why. Without `only`: all of it. */
export const redriveSchema = z.object({
  at: z.iso.datetime(),
  actor: z.string(),
  reason: z.string(),
  only: z.array(chosenSchema).optional(),
});
export type Redrive = z.infer<typeof redriveSchema>;

/**
 * Something that failed and may be done again: a slice that was given up, an item that was refused or not begun in time, a place that could not be
 * read. `error`: of a slice, how the last attempt ended that threw (the error's class, and fixed words);
 * of the others, what upstream answered last, or why it wasn't asked. An item is named by a digest of its key, which ledgers have.
 */
export const failureSchema = z.object({
  kind: z.enum(['slice', 'item', 'place']),
  taskId: taskIdSchema,
  family: z.string(),
  target: z.string(),
  sliceId: sliceIdSchema,
  item: itemDigestSchema.optional(),
  place: z.string().optional(),
  error: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** Times that a request is sent again, resumed or while it runs: whatever still fails then needs another remedy. */
export const MOST_REDRIVES = 20;
