import { z } from 'zod';
import { type RequestId, requestIdSchema } from '../domain/ids.ts';
import { parseStored, readText, type Written, writeText } from './blobs.ts';
import { targetFolder } from './names.ts';
import type { Storage } from './storage.ts';

/**
 * The one destructive request of a target. `claimed`: it waits until exports that had begun are finished, and no new one begins.
 * `active`: it may destroy.
 */
const destroyerSchema = z.object({
  v: z.literal(1),
  requestId: requestIdSchema,
  phase: z.enum(['claimed', 'active']),
});

export interface Destroyer {
  readonly requestId: RequestId;
  readonly phase: 'claimed' | 'active';
  readonly etag: string;
}

export const destroyerName = (target: string): string => `${targetFolder(target)}/destroyer.json`;

export async function readDestroyer({ container }: Storage, target: string): Promise<Destroyer | undefined> {
  const name = destroyerName(target);
  const stored = await readText(container, name);
  if (!stored) return undefined;
  const { requestId, phase } = parseStored(name, stored.text, destroyerSchema);
  return { requestId, phase, etag: stored.etag };
}

/** Claims the target where nobody has, or writes over that very version; any write gives a new ETag, even of the same content. */
export function writeDestroyer(
  { container }: Storage,
  target: string,
  destroyer: { requestId: RequestId; phase: 'claimed' | 'active'; over: 'absent' | { etag: string } },
): Promise<Written> {
  const { requestId, phase, over } = destroyer;
  const text = JSON.stringify({ v: 1, requestId, phase });
  return writeText(container, destroyerName(target), { text, options: { onlyIf: over } });
}
