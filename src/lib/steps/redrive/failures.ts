import { z } from 'zod';
import { type RequestId, sliceIdSchema } from '../../domain/ids.ts';
import { type ResultLine, settled } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import { type Failure, itemDigest } from '../../domain/redrive.ts';
import type { DoneSlice } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { readTasks, revisionOf } from '../tasks.ts';

/** Where a page goes on: a task of the list, the list's own marker, and how much of the slice there was told. */
const placeSchema = z.strictObject({
  task: z.number().int().nonnegative(),
  page: z.string().max(2000).optional(),
  slice: sliceIdSchema.optional(),
  told: z.number().int().nonnegative(),
});
type Place = z.infer<typeof placeSchema>;

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
  const start = continuation === undefined ? { task: 0, told: 0 } : parsed(continuation);
  if (!start) return { kind: 'bad-continuation' };
  const list = await readTasks(deps, requestId, revisionOf(record));
  const failures: Failure[] = [];
  for await (const { failure, place } of failuresFrom(deps, { requestId, tasks: list?.tasks ?? [] }, start)) {
    if (failures.length === limit) return { kind: 'page', failures, continuation: encoded(place) };
    failures.push(failure);
  }
  return { kind: 'page', failures };
}

const encoded = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

function parsed(text: string): Place | undefined {
  try {
    return placeSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

interface At {
  readonly failure: Failure;
  /** Of this very failure: a page that is full goes on here. */
  readonly place: Place;
}

const LIST_PAGE = 1000;

async function* failuresFrom(
  deps: Stores,
  { requestId, tasks }: { requestId: RequestId; tasks: readonly Task[] },
  start: Place,
): AsyncGenerator<At> {
  for (const [index, task] of tasks.entries()) {
    if (index < start.task) continue;
    const isFirst = index === start.task;
    let page = isFirst ? start.page : undefined;
    do {
      const { taskId } = task;
      const listed = await deps.slices.listDone({ requestId, taskId }, '', { limit: LIST_PAGE, marker: page });
      for (const slice of listed.slices.filter(hasFailed)) {
        const { sliceId } = slice;
        if (isFirst && start.slice !== undefined && sliceId < start.slice) continue;
        const skip = isFirst && sliceId === start.slice ? start.told : 0;
        const place = { task: index, ...(page !== undefined && { page }), slice: sliceId };
        let told = 0;
        for await (const failure of failuresOf(deps, { requestId, task }, slice)) {
          if (told >= skip) yield { failure, place: { ...place, told } };
          told += 1;
        }
      }
      page = listed.marker;
    } while (page !== undefined);
  }
}

/** Its process ended each time, or it comes of an older version. */
const NO_ERROR = 'It was given up, and no attempt left an error.';

const hasFailed = ({ counts, givenUp }: DoneSlice): boolean =>
  givenUp === true || counts.refused + counts.gaps > 0 || (counts.kept > 0 && settled(counts) > 0);

async function* failuresOf(
  deps: Stores,
  { requestId, task }: { requestId: RequestId; task: Task },
  { sliceId, givenUp }: DoneSlice,
): AsyncGenerator<Failure> {
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
