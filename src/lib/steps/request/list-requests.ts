import type { State } from '../../domain/lifecycle.ts';
import type { Action, RequestRecord } from '../../domain/request.ts';
import { StorageFailure } from '../../store/failure.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../in-parallel.ts';

const READS_AT_A_TIME = 8;

export interface ListQuery {
  readonly state?: State;
  readonly action?: Action;
  readonly limit: number;
  readonly continuation?: string;
}

export type Listed =
  | { readonly kind: 'page'; readonly records: readonly RequestRecord[]; readonly continuation?: string }
  | { readonly kind: 'bad-continuation' };

/**
 * One page of requests, in no particular order. Tags lag behind, so each record is read again and what no longer fits is left out: a page
 * may be short, and a request of the last seconds may be missing.
 */
export async function listRequests(deps: Pick<Dependencies, 'records'>, query: ListQuery): Promise<Listed> {
  const page = await pageOf(deps, query);
  if (!page) return { kind: 'bad-continuation' };
  const read = await inParallel(page.requestIds, READS_AT_A_TIME, (requestId) => deps.records.read(requestId));
  const records = read.filter((record) => record !== undefined).filter((record) => fits(record, query));
  return { kind: 'page', records, ...(page.continuation !== undefined && { continuation: page.continuation }) };
}

const fits = (record: RequestRecord, { state, action }: ListQuery): boolean =>
  (state === undefined || record.state === state) && (action === undefined || record.submission.action === action);

/** A continuation comes from outside: one that isn't ours is the caller's mistake, not a failure. */
async function pageOf(deps: Pick<Dependencies, 'records'>, query: ListQuery) {
  try {
    return await deps.records.list(query);
  } catch (error) {
    const refused = error instanceof RangeError || (error instanceof StorageFailure && error.status === 400);
    if (refused && query.continuation !== undefined) return undefined;
    throw error;
  }
}
