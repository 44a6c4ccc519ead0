import type { PackageCursor, PlaceInTask } from './cursor.ts';
import type { PackageEntry } from './entry.ts';
import { type PackageSource, type PackedResult, packedResults } from './results.ts';
import { entriesOfSlice } from './slice.ts';

/** A file to be packed, and the cursor of a volume that would begin with it. */
export interface Piece {
  readonly entry: PackageEntry;
  readonly cursor: PackageCursor;
}

/** The files of the package from a cursor on: tasks in the plan's order, results in the order of their names. */
export async function* piecesFrom(source: PackageSource, from: PackageCursor): AsyncGenerator<Piece> {
  for (let index = from.task; index < source.tasks.length; index += 1) {
    const start = index === from.task ? from.place : undefined;
    for await (const { entry, place } of piecesOfTask(source, index, start)) {
      yield { entry, cursor: { task: index, place } };
    }
  }
}

async function* piecesOfTask(
  source: PackageSource,
  index: number,
  start: PlaceInTask | undefined,
): AsyncGenerator<{ entry: PackageEntry; place: PlaceInTask }> {
  const { deps, requestId, tasks } = source;
  const task = tasks[index];
  if (!task) return;
  for await (const result of packedResults(source, task, start)) {
    const ref = { requestId, taskId: task.taskId, sliceId: result.sliceId };
    const first = result.sliceId === start?.slice ? start.entry : 0;
    let position = 0;
    for await (const entry of entriesOfSlice(deps, { task, ref, result })) {
      if (position >= first) yield { entry, place: placeOf(result, position) };
      position += 1;
    }
  }
}

const placeOf = ({ sliceId, page, before, pagesBefore }: PackedResult, entry: number): PlaceInTask => ({
  ...(page !== undefined && { page }),
  slice: sliceId,
  before,
  pagesBefore,
  entry,
});
