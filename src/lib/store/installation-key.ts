import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readJson, writeText } from './blobs.ts';
import { UnreadableBlob } from './failure.ts';
import type { Storage } from './storage.ts';

const keySchema = z.object({ v: z.literal(1), key: z.string().min(43) });

/**
 * A secret that the installation makes for itself when it is first asked for: 32 random bytes in base64url, the same for all instances. Whoever may
 * read the container has it.
 */
export async function installationKey({ container }: Storage, name: `${string}-key.json`): Promise<string> {
  const known = await readJson(container, name, keySchema);
  if (known) return known.key;
  const text = JSON.stringify({ v: 1, key: randomBytes(32).toString('base64url') });
  await writeText(container, name, { text, options: { onlyIf: 'absent' } });
  const stored = await readJson(container, name, keySchema);
  if (!stored) throw new UnreadableBlob(name);
  return stored.key;
}
