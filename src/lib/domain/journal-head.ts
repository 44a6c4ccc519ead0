import { z } from 'zod';
import { requestIdSchema } from './ids.ts';

/** Signed on demand: how far the journal of a request went at that time. It vouches for lines that came after the receipt. */
export const journalStatementSchema = z.strictObject({
  v: z.literal(1),
  requestId: requestIdSchema,
  at: z.iso.datetime(),
  journal: z.strictObject({ seq: z.number().int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export type JournalStatement = z.infer<typeof journalStatementSchema>;
