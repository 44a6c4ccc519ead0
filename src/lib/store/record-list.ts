import type { RequestId } from '../domain/ids.ts';
import type { State } from '../domain/lifecycle.ts';
import type { Action } from '../domain/request.ts';
import { deadline } from './blobs.ts';
import { guarded } from './failure.ts';
import { requestIdIn } from './names.ts';
import type { Storage } from './storage.ts';

export interface RecordQuery {
  readonly state?: State;
  readonly action?: Action;
  readonly limit: number;
  readonly continuation?: string;
}

/** One page of the requests whose tags fit; only records carry tags. */
export async function listRecords(
  storage: Storage,
  query: RecordQuery,
): Promise<{ requestIds: RequestId[]; continuation?: string }> {
  const settings = { maxPageSize: query.limit, ...(query.continuation && { continuationToken: query.continuation }) };
  const pages = storage.container.findBlobsByTags(filter(query), { abortSignal: deadline() }).byPage(settings);
  const { value, done } = await guarded('find blobs by tags', storage.container.containerName, () => pages.next());
  if (done) return { requestIds: [] };
  const blobs: { name: string }[] = value.blobs;
  return {
    requestIds: blobs.map(({ name }) => requestIdIn(name)),
    ...(value.continuationToken && { continuation: value.continuationToken }),
  };
}

function filter({ state, action }: RecordQuery): string {
  const terms = [state && `"state" = '${state}'`, action && `"action" = '${action}'`].filter(Boolean);
  return terms.length > 0 ? terms.join(' AND ') : `"due" >= '0'`;
}
