import { z } from 'zod';
import type { CallbackOptions } from '../upstream/callbacks.ts';

/** A host name or address in the form in which a URL shows it, with a port where that isn't 443. */
const isHost = (text: string): boolean =>
  URL.canParse(`https://${text}`) && new URL(`https://${text}`).host === text && !/[/*]/.test(text);
const hostsSchema = z.array(z.string().refine(isHost, 'must be lower-case hosts, with :port where it is not 443'));
/** Standard Webhooks: 24 to 64 random bytes in base64, after a prefix. */
const secretsSchema = z.array(
  z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'must be whsec_ and 24 to 64 bytes in base64'),
);

type Environment = Readonly<Record<string, string | undefined>>;
export type CallbackSettings = Pick<CallbackOptions, 'hosts' | 'secrets' | 'loopback'>;

/**
 * CALLBACK_HOSTS, separated by commas, and CALLBACK_SECRETS, separated by spaces; undefined without hosts: then no request may name a
 * callback. @param loopback whether this is a local set-up. @throws ZodError, Error that doesn't quote a secret.
 */
export function callbackSettingsFrom(environment: Environment, loopback: boolean): CallbackSettings | undefined {
  const hosts = hostsSchema.parse(wordsOf(environment.CALLBACK_HOSTS, ','));
  const secrets = secretsSchema.parse(wordsOf(environment.CALLBACK_SECRETS, ' '));
  if (hosts.length === 0) return undefined;
  if (secrets.length === 0) throw new Error('CALLBACK_SECRETS is empty: callbacks are always signed.');
  return { hosts, secrets, loopback };
}

const wordsOf = (text: string | undefined, separator: string): string[] =>
  (text ?? '')
    .split(separator)
    .map((word) => word.trim())
    .filter(Boolean);
