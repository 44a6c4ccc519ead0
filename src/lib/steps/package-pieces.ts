import type { RequestId } from '../domain/ids.ts';
import { type Counts, settled } from '../domain/ledger.ts';
import type { Task } from '../domain/plan.ts';
import type { PackageCursor, PlaceInTask } from './package-cursor.ts';
import type { PackageEntry } from './package-entry.ts';
import { entriesOfSlice } from './package-slice.ts';
import type { SealContext } from './slice-context.ts';

const PAGE = 1000;

/** What is packed: the results of the tasks, which change no more. */
export interface PackageSource {
  readonly deps: SealContext['deps'];
  readonly requestId: RequestId;
  readonly tasks: readonly Task[];
}

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
  { deps, requestId, tasks }: PackageSource,
  index: number,
  start: PlaceInTask | undefined,
): AsyncGenerator<{ entry: PackageEntry; place: PlaceInTask }> {
  const task = tasks[index];
  if (!task) return;
  const { taskId } = task;
  let before = start?.before ?? 0;
  let page = start?.page;
  do {
    const listed = await deps.slices.listDone({ requestId, taskId }, '', { limit: PAGE, marker: page });
    for (const { sliceId, counts } of listed.slices) {
      if (!isPacked(counts) || (start && sliceId < start.slice)) continue;
      const entries = await entriesOfSlice(deps, { task, ref: { requestId, taskId, sliceId }, ordinal: before + 1 });
      const first = sliceId === start?.slice ? start.entry : 0;
      for (const [offset, entry] of entries.slice(first).entries()) {
        yield { entry, place: { ...(page !== undefined && { page }), slice: sliceId, before, entry: first + offset } };
      }
      before += 1;
    }
    page = listed.marker;
  } while (page !== undefined);
}

/** Results that hold neither a document nor a final line nor a gap have nothing for a reader. */
const isPacked = (counts: Counts): boolean => counts.documents + counts.gaps + settled(counts) > 0;
