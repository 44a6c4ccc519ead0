import { calculateJwkThumbprint } from 'jose';
import { keySetSchema, type PublicKey } from '../../src/lib/domain/jwks.ts';
import type { Findings } from './findings.ts';
import { parseJson } from './given.ts';

/** The keys of a JWKS. Each must carry its own RFC 7638 thumbprint: a key can't be swapped behind a known name. */
export async function keysIn(name: string, text: string, findings: Findings): Promise<PublicKey[]> {
  const parsed = keySetSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    findings.wrong.push(`${name} is no set of public signing keys.`);
    return [];
  }
  const sound: PublicKey[] = [];
  for (const key of parsed.data.keys) {
    if ((await calculateJwkThumbprint(key)) === key.kid) sound.push(key);
    else findings.wrong.push(`${name}: the key that is called ${key.kid} has another thumbprint.`);
  }
  if (parsed.data.keys.length === 0) findings.open.push(`${name} holds no key: the service signs nothing.`);
  return sound;
}
