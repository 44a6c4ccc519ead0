import { z } from 'zod';
import { type KeptPosition, keptPosition } from './kept-position.ts';
import type { Storage } from './storage.ts';

/** A place in a list that shrinks while it is walked: how many of the page that `continuation` begins were seen and stayed. */
const positionSchema = z.object({ continuation: z.string().exactOptional(), stayed: z.number().int().nonnegative() });
export type SweepPosition = z.infer<typeof positionSchema>;

/** Sweeps that walk over the requests that have ended. */
export type EndedSweep = 'results' | 'subjects';

/** Where a tick of a sweep stopped before the end. */
export interface SweepPositions extends Readonly<Record<EndedSweep, KeptPosition<SweepPosition>>> {
  /** The last idempotency key that the sweep of orphans has looked at. */
  readonly keys: KeptPosition<string>;
}

const storedSchema = z.object({ v: z.literal(1), position: positionSchema });
const storedKeySchema = z.object({ v: z.literal(1), position: z.string() });

/** The positions, each on a blob of its own. */
export function sweepPositions(storage: Storage): SweepPositions {
  const of = (sweep: EndedSweep) => keptPosition(storage, `sweeps/${sweep}.json`, storedSchema);
  const keys = keptPosition(storage, 'sweeps/orphans-keys.json', storedKeySchema);
  return { results: of('results'), subjects: of('subjects'), keys };
}
