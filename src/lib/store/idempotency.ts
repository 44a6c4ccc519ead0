import { z } from 'zod';
import { type RequestId, requestIdSchema } from '../domain/ids.ts';
import { readJson, writeText } from './blobs.ts';
import { UnreadableBlob } from './failure.ts';
import type { Storage } from './storage.ts';

const claimSchema = z.object({ v: z.literal(1), requestId: requestIdSchema, bodyDigest: z.string() });
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

export type Claim = { kind: 'new' } | { kind: 'known'; requestId: RequestId; bodyDigest: string };

export interface IdempotencyKeys {
  /**
   * Binds a key to a request, once. `known`: it was bound before, and that binding counts: its request may not exist yet, when whoever
   * bound it ended there.
   * @param digest SHA-256 of client and key, lower-case hex. @throws ZodError for anything else.
   */
  claim(digest: string, claim: { requestId: RequestId; bodyDigest: string }): Promise<Claim>;
  /** The request that a key was bound to; it may not exist yet. @throws ZodError as above. */
  find(digest: string): Promise<RequestId | undefined>;
}

/** Keys of clients' repeated submissions on blobs. */
export function idempotencyKeys({ container }: Storage): IdempotencyKeys {
  const nameOf = (digest: string) => `keys/${digestSchema.parse(digest)}`;
  return {
    find: async (digest) => (await readJson(container, nameOf(digest), claimSchema))?.requestId,
    async claim(digest, { requestId, bodyDigest }) {
      const name = nameOf(digest);
      const text = JSON.stringify({ v: 1, requestId, bodyDigest });
      const written = await writeText(container, name, { text, options: { onlyIf: 'absent' } });
      if (written.kind === 'written') return { kind: 'new' };
      const known = await readJson(container, name, claimSchema);
      if (!known) throw new UnreadableBlob(name);
      // The answer to a try that succeeded may have been lost, and the client's own retry refused.
      if (known.requestId === requestId) return { kind: 'new' };
      return { kind: 'known', requestId: known.requestId, bodyDigest: known.bodyDigest };
    },
  };
}
