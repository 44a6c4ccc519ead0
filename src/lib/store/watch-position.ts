import { z } from 'zod';
import { stateSchema } from '../domain/lifecycle.ts';
import { type KeptPosition, keptPosition } from './kept-position.ts';
import type { Storage } from './storage.ts';

/** A place in the walk over all open requests: how many of the page that `continuation` begins are behind it. */
const positionSchema = z.object({
  state: stateSchema,
  continuation: z.string().exactOptional(),
  done: z.number().int().nonnegative(),
});
export type WatchPosition = z.infer<typeof positionSchema>;

/** Where a tick of the watchdog stopped before the end. */
export type WatchPositions = KeptPosition<WatchPosition>;

const storedSchema = z.object({ v: z.literal(1), position: positionSchema });

/** The position on a blob. */
export const watchPositions = (storage: Storage): WatchPositions =>
  keptPosition(storage, 'watchdog.json', storedSchema);
