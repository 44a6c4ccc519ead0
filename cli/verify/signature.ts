import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import type { PublicKey } from '../../src/lib/domain/jwks.ts';
import { SIGNATURE_ALGORITHMS, STATEMENT_TYPES } from '../../src/lib/domain/signer.ts';
import { parseJson } from './given.ts';

/** Strict: no header that would change what a signature means, or bring a key of its own. */
const headerSchema = z.strictObject({
  alg: z.enum(SIGNATURE_ALGORITHMS),
  kid: z.string().min(1),
  typ: z.enum(STATEMENT_TYPES),
});
export type SignatureHeader = z.infer<typeof headerSchema>;

/** A signed statement taken apart; nothing in it is to be believed yet. */
export interface Signed {
  readonly compact: string;
  readonly header: SignatureHeader;
  readonly payload: Buffer;
}

/** Takes a compact JWS apart; undefined for what is none, or is not written as it must be. */
export function takeApart(text: string): Signed | undefined {
  const compact = text.replace(/\r?\n$/, '');
  const [head, payload, signature, ...more] = compact.split('.').map(decodedPart);
  if (!head || !payload || !signature || more.length > 0) return undefined;
  const header = headerSchema.safeParse(parseJson(head.toString('utf8')));
  return header.success ? { compact, header: header.data, payload } : undefined;
}

/** Several base64url texts can stand for the same bytes; only the one that an encoder writes is taken. */
function decodedPart(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined;
}

/** `unknown`: it was signed by a key that is not among those given. */
export type Verdict = 'genuine' | 'forged' | 'unknown';

export async function verdictOn({ compact, header }: Signed, keys: readonly PublicKey[]): Promise<Verdict> {
  const key = keys.find(({ kid }) => kid === header.kid);
  if (!key) return 'unknown';
  if (key.alg !== header.alg) return 'forged';
  try {
    await compactVerify(compact, await importJWK(key, key.alg), { algorithms: [key.alg] });
    return 'genuine';
  } catch {
    return 'forged';
  }
}
