import type { RequestId, TaskId } from '../../../../src/lib/domain/ids.ts';
import { addCounts, type Counts, NO_COUNTS, type ResultLine } from '../../../../src/lib/domain/ledger.ts';
import { readTasks, revisionOf } from '../../../../src/lib/steps/tasks.ts';
import type { Stage } from './stage.ts';

export interface TaskLedger {
  readonly family: string;
  readonly counts: Counts;
  readonly lines: ResultLine[];
  /** Slices that are still to be done. */
  readonly open: number;
}

/** What is written of one task: all lines of all its slices, in order of their names. */
export async function ledgerOf(
  { deps }: Stage,
  at: { requestId: RequestId; taskId: TaskId; family: string },
): Promise<TaskLedger> {
  const { requestId, taskId, family } = at;
  const lines: ResultLine[] = [];
  let counts = NO_COUNTS;
  let marker: string | undefined;
  do {
    const page = await deps.slices.listDone({ requestId, taskId }, '', { limit: 500, marker });
    for (const slice of page.slices) {
      counts = addCounts(counts, slice.counts);
      for await (const line of deps.slices.lines({ requestId, taskId, sliceId: slice.sliceId })) lines.push(line);
    }
    marker = page.marker;
  } while (marker !== undefined);
  const open = await deps.slices.listOpen(requestId, taskId, 100);
  return { family, counts, lines, open: open.slices.length };
}

/** The ledgers of the record's revision. */
export async function ledgersOf(stage: Stage, requestId: RequestId): Promise<TaskLedger[]> {
  const record = await stage.deps.records.read(requestId);
  const list = record && (await readTasks(stage.deps, requestId, revisionOf(record)));
  const ledgers: TaskLedger[] = [];
  for (const { taskId, family } of list?.tasks ?? [])
    ledgers.push(await ledgerOf(stage, { requestId, taskId, family }));
  return ledgers;
}

/** What became of every item: `key outcome proof`, sorted. An item with two final lines stands there twice. */
export const finalsOf = (ledgers: readonly TaskLedger[]): string[] =>
  ledgers
    .flatMap(({ lines }) => lines)
    .flatMap((line) => (line.line === 'item' ? [`${line.key} ${line.outcome} ${line.proof ?? ''}`.trim()] : []))
    .sort();
