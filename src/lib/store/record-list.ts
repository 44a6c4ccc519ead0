import { z } from 'zod';
import type { RequestId } from '../domain/ids.ts';
import type { State } from '../domain/lifecycle.ts';
import type { Action } from '../domain/request.ts';
import { deadline } from './conditions.ts';
import { guarded } from './failure.ts';
import { requestIdIn } from './names.ts';
import type { Storage } from './storage.ts';

export interface RecordQuery {
  readonly state?: State;
  readonly action?: Action;
  /** Whose requests: a record's `client`. */
  readonly client?: string;
  readonly limit: number;
  readonly continuation?: string;
}

export interface RecordPage {
  readonly requestIds: RequestId[];
  readonly continuation?: string;
}

/**
 * The service's largest page. We cut our own pages from it: Azurite looks for matches only among as many blobs as the page is large,
 * and then says that there are no more (FilterBlobPage in azurite 3.37).
 */
const SERVICE_PAGE = 5000;

const positionSchema = z.object({ marker: z.string().optional(), skip: z.number().int().nonnegative() });
type Position = z.infer<typeof positionSchema>;

/**
 * One page of the requests whose tags fit; only records carry tags.
 * @throws RangeError for a continuation that no such list has given.
 */
export async function listRecords(storage: Storage, query: RecordQuery): Promise<RecordPage> {
  const { marker, skip } = decode(query.continuation);
  const settings = { maxPageSize: SERVICE_PAGE, ...(marker && { continuationToken: marker }) };
  const pages = storage.container.findBlobsByTags(filter(query), { abortSignal: deadline() }).byPage(settings);
  const { value, done } = await guarded('find blobs by tags', storage.container.containerName, () => pages.next());
  if (done) return { requestIds: [] };
  const blobs: { name: string }[] = value.blobs;
  const end = skip + query.limit;
  const requestIds = blobs.slice(skip, end).map(({ name }) => requestIdIn(name));
  if (end < blobs.length) return { requestIds, continuation: encode({ ...(marker && { marker }), skip: end }) };
  const next: string | undefined = value.continuationToken;
  return { requestIds, ...(next && { continuation: encode({ marker: next, skip: 0 }) }) };
}

function filter({ state, action, client }: RecordQuery): string {
  const terms = [
    state && `"state" = '${state}'`,
    action && `"action" = '${action}'`,
    client && `"client" = '${client}'`,
  ].filter(Boolean);
  return terms.length > 0 ? terms.join(' AND ') : `"due" >= '0'`;
}

const encode = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

function decode(continuation: string | undefined): Position {
  if (continuation === undefined) return { skip: 0 };
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(continuation, 'base64url').toString('utf8')));
  } catch {
    throw new RangeError('not a continuation of this list');
  }
}
