import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ROLES, type Role } from '../domain/roles.ts';
import type { Caller } from './caller.ts';

const UNNAMED = 'unnamed';
/** Names under which the app itself acts or files callers without a name. */
const RESERVED = [UNNAMED, 'system'];
/** A key that nobody has named can hand requests in and look after those. */
const ROLES_OF_UNNAMED: readonly Role[] = ['Dsr.Submit'];

const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'must be the SHA-256 of the key as 64 hex digits')
  .transform((text) => text.toLowerCase());
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)
  .refine((text) => !RESERVED.includes(text.toLowerCase()), 'is a reserved name');
const entry = z.union([
  digest.transform((key) => ({ key, roles: [...ROLES] })),
  z.strictObject({ key: digest, roles: z.array(z.enum(ROLES)) }),
]);

/**
 * The setting CALLERS of local mode, parsed from its JSON: `{"portal": {"key": "<sha256 of its function key>", "roles": ["Dsr.Submit"]}, …}`; a bare
 * digest has all roles. The Functions host checks keys but doesn't tell the Node worker a key's name (it stands in a claim that only .NET
 * sees: azure-functions-host issue 926), so the operator says it here.
 */
export const callersSchema = z
  .record(name, entry)
  .refine(
    (all) => new Set(Object.values(all).map(({ key }) => key)).size === Object.keys(all).length,
    'two names stand for one key',
  );
export type Callers = Readonly<z.infer<typeof callersSchema>>;

/**
 * The caller that a key stands for. The key itself goes no further than this; comparing takes the same time whichever name fits.
 * Without a key (Core Tools don't ask for one) the caller is unnamed too.
 */
export function callerOfKey(callers: Callers, key: string | undefined): Caller {
  const presented = createHash('sha256')
    .update(key ?? '')
    .digest();
  let found: { name: string; roles: readonly Role[] } | undefined;
  for (const [candidate, { key: expected, roles }] of Object.entries(callers)) {
    if (timingSafeEqual(presented, Buffer.from(expected, 'hex'))) found = { name: candidate, roles };
  }
  const fingerprint = `key:${presented.toString('hex').slice(0, 16)}`;
  if (key === undefined || found === undefined) {
    return { actor: { name: UNNAMED, named: false, fingerprint }, roles: new Set(ROLES_OF_UNNAMED) };
  }
  return { actor: { name: found.name, named: true, fingerprint }, roles: new Set(found.roles) };
}

/** The key that the host has checked: the header first, then `?code=`, in the host's own order. */
export const presentedKey = (request: { headers: Headers; query: URLSearchParams }): string | undefined =>
  request.headers.get('x-functions-key') ?? request.query.get('code') ?? undefined;
