import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import { type KeySet, type PublicKey, publicKeySchema } from '../domain/jwks.ts';
import type { SignatureAlgorithm, Signer } from '../domain/signer.ts';

/** Shortest RSA key that RFC 7518, section 3.3 allows. */
const RSA_BITS = 2048;
const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = { ed25519: 'EdDSA', rsa: 'RS256' };

export interface ReceiptKeySettings {
  readonly signing: { readonly key: KeyObject; readonly algorithm: SignatureAlgorithm } | undefined;
  readonly retired: readonly KeyMembers[];
}

export interface ReceiptKeys {
  readonly signer: Signer | undefined;
  /** Everything to publish: the key in use first. */
  readonly published: KeySet;
}

/** What the thumbprint covers; the rest of a published key follows from it. */
const keyMembersSchema = z.union([
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() }),
]);
type KeyMembers = z.infer<typeof keyMembersSchema>;

const jwkSchema = z.record(z.string(), z.unknown());

/**
 * RECEIPT_SIGNING_KEY: a private key, Ed25519 or RSA, as PKCS#8 in PEM (line feeds may be written `\n`) or as a JWK.
 * @throws Error that says what is wrong with it, and never quotes it.
 */
export function signingKeyFrom(text: string): ReceiptKeySettings['signing'] {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  // What the platform leaves in place when it can't read the secret.
  if (trimmed.startsWith('@Microsoft.KeyVault')) throw new Error('the reference to Key Vault could not be resolved.');
  const key = privateKeyFrom(trimmed);
  const algorithm = ALGORITHMS[key.asymmetricKeyType ?? ''];
  if (algorithm === undefined) throw new Error('the key must be Ed25519 or RSA.');
  if (algorithm === 'RS256' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS) {
    throw new Error(`an RSA key must have at least ${RSA_BITS} bits.`);
  }
  return { key, algorithm };
}

function privateKeyFrom(text: string): KeyObject {
  try {
    if (!text.startsWith('{')) return createPrivateKey(text.replaceAll('\\n', '\n'));
    return createPrivateKey({ key: jwkSchema.parse(JSON.parse(text)), format: 'jwk' });
  } catch {
    throw new Error('it is no private key, neither PKCS#8 in PEM nor a JWK.');
  }
}

/** RECEIPT_RETIRED_KEYS: a JWKS as it was published once, or the array in it. @throws ZodError, SyntaxError, Error for private keys. */
export function retiredKeysFrom(text: string): KeyMembers[] {
  if (text.trim() === '') return [];
  const given: unknown = JSON.parse(text);
  const keys = z.union([z.array(jwkSchema), z.object({ keys: z.array(jwkSchema) }).transform((set) => set.keys)]);
  return keys.parse(given).map((key) => {
    if ('d' in key) throw new Error('there is a private key among them: only public keys are to be published.');
    return keyMembersSchema.parse(key);
  });
}

/** The signer, and all public keys with their RFC 7638 thumbprints as `kid`. */
export async function receiptKeys({ signing, retired }: ReceiptKeySettings): Promise<ReceiptKeys> {
  const current =
    signing && (await publicKeyOf(keyMembersSchema.parse(createPublicKey(signing.key).export({ format: 'jwk' }))));
  const others = await Promise.all(retired.map(publicKeyOf));
  const keys = [...(current ? [current] : []), ...others.filter(({ kid }) => kid !== current?.kid)];
  return { signer: signing && current && signerWith(signing, current.kid), published: { keys } };
}

async function publicKeyOf(members: KeyMembers): Promise<PublicKey> {
  const kid = await calculateJwkThumbprint(members);
  return publicKeySchema.parse({ ...members, kid, use: 'sig', alg: members.kty === 'OKP' ? 'EdDSA' : 'RS256' });
}

function signerWith({ key, algorithm }: NonNullable<ReceiptKeySettings['signing']>, keyId: string): Signer {
  return {
    algorithm,
    keyId,
    sign: (bytes, type) =>
      new CompactSign(bytes).setProtectedHeader({ alg: algorithm, kid: keyId, typ: type }).sign(key),
  };
}
