import { mintTaskId, type RequestId, rootSliceId, type SliceId, type TaskId } from '../../../../src/lib/domain/ids.ts';
import type { FoundLine, ResultLine } from '../../../../src/lib/domain/ledger.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { ChildSlice, SliceMessage } from '../../../../src/lib/domain/slice.ts';
import { makeTasks } from '../../../../src/lib/plan/stages.ts';
import { SliceResult } from '../../../../src/lib/steps/slice/result.ts';
import { newRecord } from '../../store/support/records.ts';
import { SUBMISSION } from './request-stores.ts';
import type { Stage } from './stage.ts';

export interface Prepared {
  readonly requestId: RequestId;
  readonly taskId: TaskId;
  readonly record: RequestRecord;
  message(sliceId: SliceId): SliceMessage;
}

/** A request in the midst of its run 1, with one task for a family of the stage's target, all of it written down. */
export async function prepare(stage: Stage, family: string, change: Partial<RequestRecord> = {}): Promise<Prepared> {
  const submission = { ...SUBMISSION, action: 'delete' as const, families: [family] };
  const record = newRecord({
    submission,
    targets: [stage.target.name],
    deadline: '2026-06-01T00:00:00.000Z',
    state: 'running',
    stateSince: stage.clock.now().toISOString(),
    run: { n: 1, ended: false },
    plan: { revision: 1, hash: 'a'.repeat(64) },
    touchedUpstream: true,
    ...change,
  });
  const { requestId } = record;
  await stage.deps.records.create(record);
  const made = makeTasks({ action: 'export', families: [family] }, [stage.target], 1);
  await stage.deps.documents.writeTasks(requestId, { v: 1, revision: 1, tasks: made });
  const taskId = mintTaskId(1, 0);
  return { requestId, taskId, record, message: (sliceId) => ({ v: 1, requestId, run: 1, taskId, sliceId }) };
}

/** A slice to be done, and the message for it. */
export async function opened(stage: Stage, at: Prepared, child: ChildSlice): Promise<SliceMessage> {
  await stage.deps.slices.open(at.requestId, at.taskId, child);
  return at.message(child.sliceId);
}

/** An inventory in one slice, as a walk would have written it. */
export async function inventoried(stage: Stage, at: Prepared, found: readonly FoundLine[]): Promise<SliceId> {
  const sliceId = rootSliceId('inventory');
  await committed(stage, at, { sliceId, kind: 'walk', lines: found });
  return sliceId;
}

/** The result of a slice that is done. */
export async function committed(
  stage: Stage,
  at: Prepared,
  slice: { sliceId: SliceId; kind: string; lines: readonly ResultLine[] },
): Promise<void> {
  const result = new SliceResult();
  for (const line of slice.lines) result.add(line);
  const header = result.header(slice.sliceId, slice.kind, []);
  await stage.deps.slices.commit(at.message(slice.sliceId), header, result.lines);
}

/** Inventory lines of keys, each with the parameters that the way down gives. */
export const foundLines = (names: readonly string[], keys: readonly string[]): FoundLine[] =>
  keys.map((key) => {
    const values = key.split('/').slice(1).map(decodeURIComponent);
    return {
      line: 'found',
      key,
      parameters: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])),
    };
  });
