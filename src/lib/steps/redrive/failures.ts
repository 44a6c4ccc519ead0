import type { RequestId } from '../../domain/ids.ts';
import { type ResultLine, settled } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import { type Failure, itemDigest } from '../../domain/redrive.ts';
import type { DoneSlice } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { decoded, encoded, pageOf, placeSchema, START, type Telling } from '../result-pages.ts';
import { readTasks, revisionOf } from '../tasks.ts';

export interface FailuresQuery {
  readonly requestId: RequestId;
  readonly limit: number;
  readonly continuation?: string | undefined;
}

export type Failures =
  | { readonly kind: 'missing' }
  | { readonly kind: 'gone'; readonly since: string }
  | { readonly kind: 'bad-continuation' }
  | { readonly kind: 'page'; readonly failures: readonly Failure[]; readonly continuation?: string };

type Stores = Pick<Dependencies, 'records' | 'documents' | 'slices'>;

/** One page of what failed in the latest revision of a request's plan, in the order of its tasks. Only results that tell of failures are read. */
export async function listFailures(deps: Stores, query: FailuresQuery): Promise<Failures> {
  const { requestId, limit, continuation } = query;
  const record = await deps.records.read(requestId);
  if (!record) return { kind: 'missing' };
  if (record.results) return { kind: 'gone', since: record.results.since };
  const start = continuation === undefined ? START : decoded(placeSchema, continuation);
  if (!start) return { kind: 'bad-continuation' };
  const list = await readTasks(deps, requestId, revisionOf(record));
  const telling: Telling<Task, Failure> = {
    requestId,
    tasks: list?.tasks ?? [],
    phase: '',
    of: (task, slice) => failuresOf(deps, { requestId, task }, slice),
  };
  const { entries, next } = await pageOf(deps, telling, { start, limit });
  return { kind: 'page', failures: entries, ...(next && { continuation: encoded(next) }) };
}

/** Its process ended each time, or it comes of an older version. */
const NO_ERROR = 'It was given up, and no attempt left an error.';

const hasFailed = ({ counts, givenUp }: DoneSlice): boolean =>
  givenUp === true || counts.refused + counts.gaps > 0 || (counts.kept > 0 && settled(counts) > 0);

async function* failuresOf(
  deps: Stores,
  { requestId, task }: { requestId: RequestId; task: Task },
  slice: DoneSlice,
): AsyncGenerator<Failure> {
  if (!hasFailed(slice)) return;
  const { sliceId, givenUp } = slice;
  const { taskId, family, target } = task;
  const at = { taskId, family, target, sliceId };
  if (givenUp) {
    const header = await deps.slices.readHeader({ requestId, taskId, sliceId });
    yield { kind: 'slice', ...at, error: header?.lastError ?? NO_ERROR };
  }
  for await (const line of deps.slices.lines({ requestId, taskId, sliceId })) {
    const told = failureIn(line);
    if (told) yield { ...told, ...at };
  }
}

function failureIn(line: ResultLine): Pick<Failure, 'kind' | 'item' | 'place' | 'error'> | undefined {
  if (line.line === 'gap') return { kind: 'place', place: line.place, error: line.reason };
  if (line.line !== 'item') return undefined;
  const { key, outcome, left, reason = 'No ground was given.' } = line;
  const failed = outcome === 'refused' || left === true;
  return failed ? { kind: 'item', item: itemDigest(key), error: reason } : undefined;
}
