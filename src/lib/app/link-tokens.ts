import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type LinkTokens, linkGrantSchema } from '../domain/package-link.ts';

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D, section 8.2.2: random, and far fewer than 2^32 under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = Buffer.from('dsr package link 1');
/** Longer ones can't have been made here. */
const LONGEST = 2000;
const TOKEN = /^[A-Za-z0-9_-]+$/;

/**
 * Tokens in one word of base64url: without dots, which firewalls take for paths. Encrypted, not only signed: a link says nothing about what it opens or
 * who had it. @param key 32 bytes in base64url, the same for all instances.
 */
export function linkTokens(key: () => Promise<string>): LinkTokens {
  const bytes = async (): Promise<Buffer> => Buffer.from(await key(), 'base64url').subarray(0, 32);
  return {
    async seal(grant) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, await bytes(), nonce, { authTagLength: TAG_BYTES }).setAAD(PURPOSE);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(grant)), cipher.final()]);
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
    },
    async open(token) {
      const whole = token.length <= LONGEST && TOKEN.test(token) ? Buffer.from(token, 'base64url') : undefined;
      if (!whole || whole.length <= NONCE_BYTES + TAG_BYTES) return undefined;
      const text = decrypted(await bytes(), whole);
      return text === undefined ? undefined : linkGrantSchema.parse(JSON.parse(text));
    },
  };
}

function decrypted(key: Buffer, whole: Buffer): string | undefined {
  const nonce = whole.subarray(0, NONCE_BYTES);
  const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(PURPOSE);
  cipher.setAuthTag(whole.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([cipher.update(whole.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
