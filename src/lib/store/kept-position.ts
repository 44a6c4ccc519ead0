import type { z } from 'zod';
import { parseStored, readText, remove, writeText } from './blobs.ts';
import { UnreadableBlob } from './failure.ts';
import type { Storage } from './storage.ts';

/** Where a walk stopped before its end. */
export interface KeptPosition<T> {
  /** The kept one, once: it is forgotten before anybody goes on from it, so that one that leads nowhere can't stop the next walk too. */
  take(): Promise<T | undefined>;
  keep(position: T): Promise<void>;
}

/** The position on a blob of its own. @param stored what the blob holds. */
export function keptPosition<T>(
  { container }: Storage,
  name: string,
  stored: z.ZodType<{ v: 1; position: T }>,
): KeptPosition<T> {
  return {
    async take() {
      const found = await readText(container, name);
      if (!found) return undefined;
      await remove(container, name);
      try {
        return parseStored(name, found.text, stored).position;
      } catch (error) {
        if (error instanceof UnreadableBlob) return undefined;
        throw error;
      }
    },
    async keep(position) {
      await writeText(container, name, { text: JSON.stringify({ v: 1, position }) });
    },
  };
}
