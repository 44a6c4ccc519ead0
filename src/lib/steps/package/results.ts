import type { RequestId, SliceId } from '../../domain/ids.ts';
import { type Counts, settled } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import { pagesOf } from '../report/pages.ts';
import type { SealContext } from '../slice/context.ts';
import type { PlaceInTask } from './cursor.ts';

const LIST_PAGE = 1000;

/** What is packed: the results of the tasks, which change no more. */
export interface PackageSource {
  readonly deps: SealContext['deps'];
  readonly requestId: RequestId;
  readonly tasks: readonly Task[];
}

/** A result that goes into the package, and where it stands among its task's. */
export interface PackedResult {
  readonly sliceId: SliceId;
  readonly counts: Counts;
  /** The list's own marker of the page on which it stands. */
  readonly page?: string | undefined;
  /** Results of the task that are packed before it, and the report's pages on them. */
  readonly before: number;
  readonly pagesBefore: number;
  readonly isLast: boolean;
}

/** The packed results of a task from a place on, in the order of their names. */
export async function* packedResults(
  source: PackageSource,
  task: Task,
  start?: PlaceInTask,
): AsyncGenerator<PackedResult> {
  let ahead: Omit<PackedResult, 'isLast'> | undefined;
  let before = start?.before ?? 0;
  let pagesBefore = start?.pagesBefore ?? 0;
  for await (const listed of listedResults(source, task, start)) {
    if (ahead) yield { ...ahead, isLast: false };
    ahead = { ...listed, before, pagesBefore };
    before += 1;
    pagesBefore += pagesOf(listed.counts);
  }
  if (ahead) yield { ...ahead, isLast: true };
}

async function* listedResults(
  { deps, requestId }: PackageSource,
  { taskId }: Task,
  start: PlaceInTask | undefined,
): AsyncGenerator<Pick<PackedResult, 'sliceId' | 'counts' | 'page'>> {
  let page = start?.page;
  do {
    const listed = await deps.slices.listDone({ requestId, taskId }, '', { limit: LIST_PAGE, marker: page });
    for (const { sliceId, counts } of listed.slices) {
      if (isPacked(counts) && !(start && sliceId < start.slice)) yield { sliceId, counts, page };
    }
    page = listed.marker;
  } while (page !== undefined);
}

/** Results that hold neither a document nor a final line nor a gap have nothing for a reader. */
const isPacked = (counts: Counts): boolean => counts.documents + counts.gaps + settled(counts) > 0;
