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
  /** Ended no later than then, and what is named is still kept. */
  readonly endedBy?: { readonly time: Date; readonly kept: 'results' | 'subject' };
  readonly limit: number;
  readonly continuation?: string;
}

export interface RecordPage {
  readonly requestIds: RequestId[];
  readonly continuation?: string;
}

/** The service's largest page. We cut our own pages from it. */
const SERVICE_PAGE = 5000;

const positionSchema = z.object({ marker: z.string().optional(), skip: z.number().int().nonnegative() });
type Position = z.infer<typeof positionSchema>;

/**
 * One page of the requests whose tags fit; only records carry tags.
 * @param servicePage how many blobs the service may look at or answer with at once.
 * @throws RangeError for a continuation that no such list has given.
 */
export async function listRecords(
  storage: Storage,
  query: RecordQuery,
  servicePage = SERVICE_PAGE,
): Promise<RecordPage> {
  let { marker, skip } = decode(query.continuation);
  for (;;) {
    const { names, next } = await tagged(storage, filter(query), { marker, servicePage });
    const end = skip + query.limit;
    const requestIds = names.slice(skip, end).map(requestIdIn);
    if (end < names.length) return { requestIds, continuation: encode({ ...(marker && { marker }), skip: end }) };
    if (next === undefined) return { requestIds };
    if (requestIds.length > 0) return { requestIds, continuation: encode({ marker: next, skip: 0 }) };
    marker = next;
    skip = 0;
  }
}

interface Window {
  readonly marker: string | undefined;
  readonly servicePage: number;
}

async function tagged(
  storage: Storage,
  expression: string,
  { marker, servicePage }: Window,
): Promise<{ names: string[]; next: string | undefined }> {
  const { container } = storage;
  const settings = { maxPageSize: servicePage, ...(marker && { continuationToken: marker }) };
  const pages = container.findBlobsByTags(expression, { abortSignal: deadline() }).byPage(settings);
  const { value, done } = await guarded('find blobs by tags', container.containerName, () => pages.next());
  const blobs: { name: string }[] = done ? [] : value.blobs;
  const next: string | undefined = done ? undefined : value.continuationToken || undefined;
  return { names: blobs.map(({ name }) => name), next: next ?? (await endOfWindow(storage, { marker, servicePage })) };
}

/**
 * Azurite looks for matches among as many blobs only as the page is large, and then says that there are no more (FilterBlobPage in azurite
 * 3.37). Its markers are names: a list of the same blobs tells where they end. Undefined on the service itself, and at the end.
 */
async function endOfWindow({ container }: Storage, { marker, servicePage }: Window): Promise<string | undefined> {
  if (!['127.0.0.1', 'localhost'].includes(new URL(container.url).hostname)) return undefined;
  const settings = { maxPageSize: servicePage, ...(marker && { continuationToken: marker }) };
  const pages = container.listBlobsFlat({ includeUncommitedBlobs: true, abortSignal: deadline() }).byPage(settings);
  const { value, done } = await guarded('list blobs', container.containerName, () => pages.next());
  return done ? undefined : value.continuationToken || undefined;
}

/** A moment as tags hold it: sortable text to the minute, UTC. */
export const sortableMinute = (time: Date): string => time.toISOString().replace(/\D/g, '').slice(0, 12);

function filter({ state, action, client, endedBy }: RecordQuery): string {
  const terms = [
    state && `"state" = '${state}'`,
    action && `"action" = '${action}'`,
    client && `"client" = '${client}'`,
    endedBy && `"${endedBy.kept}" = 'kept' AND "ended" <= '${sortableMinute(endedBy.time)}'`,
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
