import { z } from 'zod';
import { sliceIdSchema } from '../../domain/ids.ts';
import type { WorkOf } from '../../domain/slice.ts';

const placeSchema = z.object({
  /** The list's own marker of the page on which the slice stands. */
  page: z.string().optional(),
  slice: sliceIdSchema,
  /** Results of the task that were packed before this one. */
  before: z.number().int().nonnegative(),
  /** Pages of the report on these. */
  pagesBefore: z.number().int().nonnegative(),
  /** Files of this result that lie in earlier volumes. */
  entry: z.number().int().nonnegative(),
});
export type PlaceInTask = z.infer<typeof placeSchema>;

/** Where a volume begins: a task of the plan and a place in its results; without a place, the first. */
export interface PackageCursor {
  readonly task: number;
  readonly place?: PlaceInTask;
}

export const cursorOf = ({ task, marker }: WorkOf<'volume'>): PackageCursor =>
  marker === undefined ? { task } : { task, place: placeSchema.parse(JSON.parse(marker)) };

export const workAt = (number: number, { task, place }: PackageCursor): WorkOf<'volume'> => ({
  kind: 'volume',
  number,
  task,
  ...(place && { marker: JSON.stringify(place) }),
});
