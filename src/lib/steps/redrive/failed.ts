import type { TaskId } from '../../domain/ids.ts';
import { addCounts, type Counts, NO_COUNTS } from '../../domain/ledger.ts';
import type { Chosen } from '../../domain/redrive.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { PAST_DEADLINE } from '../slice/settling.ts';
import { readTasks, revisionOf } from '../tasks.ts';

const PAGE = 5000;

/** What went wrong in the tasks of the record's revision. */
export interface Failed {
  readonly tasks: readonly { readonly taskId: TaskId; readonly failed: boolean }[];
  readonly counts: Counts;
}

/** Whether something was refused, unread or given up, task by task; from the sums beside the results, without reading them. */
export async function failedIn(
  deps: Pick<Dependencies, 'documents' | 'slices'>,
  record: RequestRecord,
): Promise<Failed> {
  const list = await readTasks(deps, record.requestId, revisionOf(record));
  const tasks: { taskId: TaskId; failed: boolean }[] = [];
  let counts = NO_COUNTS;
  // Of what was not begun in time the sums say "kept".
  const isDelete = record.submission.action === 'delete';
  const wasLate = isDelete && (record.standDown !== undefined || record.outcome?.reason === PAST_DEADLINE);
  for (const { taskId } of list?.tasks ?? []) {
    const own = await sumsOf(deps, { requestId: record.requestId, taskId });
    counts = addCounts(counts, own.counts);
    const { refused, gaps, kept } = own.counts;
    tasks.push({ taskId, failed: (isDelete && own.givenUp) || refused + gaps > 0 || (wasLate && kept > 0) });
  }
  return { tasks, counts };
}

async function sumsOf(
  { slices }: Pick<Dependencies, 'slices'>,
  task: { requestId: RequestRecord['requestId']; taskId: TaskId },
): Promise<{ counts: Counts; givenUp: boolean }> {
  let counts = NO_COUNTS;
  let givenUp = false;
  let marker: string | undefined;
  do {
    const page = await slices.listDone(task, '', { limit: PAGE, marker });
    for (const slice of page.slices) {
      counts = addCounts(counts, slice.counts);
      givenUp ||= slice.givenUp === true;
    }
    marker = page.marker;
  } while (marker !== undefined);
  return { counts, givenUp };
}

/** @param only what somebody chose of it; everything where absent. */
export const nothingFailed = ({ tasks }: Failed, only?: readonly Chosen[]): boolean =>
  !tasks.some((task) => task.failed && (only === undefined || only.some(({ taskId }) => taskId === task.taskId)));
