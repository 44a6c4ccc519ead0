import { z } from 'zod';
import { stateSchema } from '../domain/lifecycle.ts';
import { parseStored, readText, remove, writeText } from './blobs.ts';
import { UnreadableBlob } from './failure.ts';
import type { Storage } from './storage.ts';

/** A place in the walk over all open requests: how many of the page that `continuation` begins are behind it. */
const positionSchema = z.object({
  state: stateSchema,
  continuation: z.string().exactOptional(),
  done: z.number().int().nonnegative(),
});
export type WatchPosition = z.infer<typeof positionSchema>;

/** Where a tick of the watchdog stopped before the end. */
export interface WatchPositions {
  /** The kept one, once: it is forgotten before anybody goes on from it, so that one that leads nowhere can't stop the next tick too. */
  take(): Promise<WatchPosition | undefined>;
  keep(position: WatchPosition): Promise<void>;
}

const NAME = 'watchdog.json';
const storedSchema = z.object({ v: z.literal(1), position: positionSchema });

/** The position on a blob. */
export function watchPositions({ container }: Storage): WatchPositions {
  return {
    async take() {
      const stored = await readText(container, NAME);
      if (!stored) return undefined;
      await remove(container, NAME);
      try {
        return parseStored(NAME, stored.text, storedSchema).position;
      } catch (error) {
        if (error instanceof UnreadableBlob) return undefined;
        throw error;
      }
    },
    async keep(position) {
      await writeText(container, NAME, { text: JSON.stringify({ v: 1, position }) });
    },
  };
}
