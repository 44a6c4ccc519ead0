import { z } from 'zod';

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
const forSigning = { kid: base64url, use: z.literal('sig') };

/** Public keys as RFC 8037 and RFC 7518, section 6.3 write them; strict, so that a private member is never taken for a public key. */
export const publicKeySchema = z.discriminatedUnion('kty', [
  z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: base64url.length(43),
    alg: z.literal('EdDSA'),
    ...forSigning,
  }),
  z.strictObject({
    kty: z.literal('RSA'),
    n: base64url.min(342),
    e: base64url,
    alg: z.literal('RS256'),
    ...forSigning,
  }),
]);
export type PublicKey = z.infer<typeof publicKeySchema>;

/** `jwks.json`: the keys that sign receipts now, and those that once did. */
export const keySetSchema = z.strictObject({ keys: z.array(publicKeySchema) });
export type KeySet = z.infer<typeof keySetSchema>;
