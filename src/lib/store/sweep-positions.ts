import { z } from 'zod';
import { type KeptPosition, keptPosition } from './kept-position.ts';
import type { Storage } from './storage.ts';

/** A place in a list that shrinks while it is walked: how many of the page that `continuation` begins were seen and stayed. */
const positionSchema = z.object({ continuation: z.string().exactOptional(), stayed: z.number().int().nonnegative() });
export type SweepPosition = z.infer<typeof positionSchema>;

/** Sweeps that walk over the requests that have ended. */
export type EndedSweep = 'results' | 'subjects';

/** Where a tick of such a sweep stopped before the end. */
export type SweepPositions = Readonly<Record<EndedSweep, KeptPosition<SweepPosition>>>;

const storedSchema = z.object({ v: z.literal(1), position: positionSchema });

/** The positions on blobs, one for each sweep. */
export function sweepPositions(storage: Storage): SweepPositions {
  const of = (sweep: EndedSweep) => keptPosition(storage, `sweeps/${sweep}.json`, storedSchema);
  return { results: of('results'), subjects: of('subjects') };
}
