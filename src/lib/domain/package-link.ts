import { z } from 'zod';
import { requestIdSchema } from './ids.ts';
import { isPackageFile } from './package-file.ts';

/** What a link opens, until when, and who answers for it. */
export const linkGrantSchema = z.strictObject({
  v: z.literal(1),
  requestId: requestIdSchema,
  file: z.string().refine(isPackageFile),
  until: z.iso.datetime(),
  /** Who had it issued: whoever follows it is unknown. */
  actor: z.strictObject({ name: z.string(), named: z.boolean(), fingerprint: z.string() }),
});
export type LinkGrant = z.infer<typeof linkGrantSchema>;

/** Turns grants into texts that nobody else can read or make. */
export interface LinkTokens {
  seal(grant: LinkGrant): Promise<string>;
  /** Undefined for what wasn't sealed here. An expired grant opens too. */
  open(token: string): Promise<LinkGrant | undefined>;
}
