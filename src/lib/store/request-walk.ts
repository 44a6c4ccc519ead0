import type { ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import { type RequestId, requestIdSchema } from '../domain/ids.ts';
import { readJson, writeText } from './blobs.ts';
import { deadline } from './conditions.ts';
import { readDestroyer } from './destroyer.ts';
import { guarded } from './failure.ts';
import { listPage } from './listing.ts';
import { requestFolder } from './names.ts';
import type { Storage } from './storage.ts';

const PAGE = 200;
const positionSchema = z.object({ v: z.literal(1), marker: z.string().optional() });

/** A request that a target holds as entered or waiting. */
export interface TargetMarker {
  readonly target: string;
  readonly requestId: RequestId;
}

/** An idempotency key by its digest. */
export interface BoundKey {
  readonly digest: string;
  readonly requestId: RequestId;
}

/** Everything that lies in storage for requests, whether or not a record knows of it. */
export interface RequestWalk {
  /** Ids of folders, in order; a page may be empty and not the last: go by `marker`. */
  folders(marker: string | undefined): Promise<{ requestIds: RequestId[]; marker?: string }>;
  /** When something in the folder was last written, by the service's clock; undefined when it is empty. */
  lastWritten(requestId: RequestId): Promise<Date | undefined>;
  /** Who holds a target, or waits for one. */
  markers(): Promise<TargetMarker[]>;
  /** Idempotency keys that were bound before `time`, by the service's clock, and to which request; in order, those after a digest. */
  keys(time: Date, after?: string): AsyncIterable<BoundKey>;
  /** Where an earlier walk stopped; undefined when it came to its end. */
  position(): Promise<string | undefined>;
  keepPosition(marker: string | undefined): Promise<void>;
}

const POSITION = 'sweeps/orphans.json';

/** The walk on blobs. */
export function requestWalk(storage: Storage): RequestWalk {
  const { container } = storage;
  return {
    folders: (marker) => foldersOf(container, marker),
    lastWritten: (requestId) => lastWritten(container, requestId),
    markers: () => markersOf(storage),
    keys: (time, after = '') => keysOf(container, time, after),
    position: async () => (await readJson(container, POSITION, positionSchema))?.marker,
    async keepPosition(marker) {
      await writeText(container, POSITION, { text: JSON.stringify({ v: 1, ...(marker && { marker }) }) });
    },
  };
}

async function foldersOf(container: ContainerClient, marker: string | undefined) {
  const settings = { maxPageSize: PAGE, ...(marker && { continuationToken: marker }) };
  const options = { prefix: 'requests/', abortSignal: deadline() };
  const pages = container.listBlobsByHierarchy('/', options).byPage(settings);
  const { value, done } = await guarded('list folders', options.prefix, () => pages.next());
  if (done) return { requestIds: [] };
  const prefixes: { name: string }[] = value.segment.blobPrefixes ?? [];
  // What isn't named like a request isn't ours to touch.
  const requestIds = prefixes.flatMap(({ name }) => requestIdSchema.safeParse(name.split('/')[1]).data ?? []);
  return { requestIds, ...(value.continuationToken && { marker: value.continuationToken }) };
}

async function lastWritten(container: ContainerClient, requestId: RequestId): Promise<Date | undefined> {
  let last: Date | undefined;
  let marker: string | undefined;
  do {
    const page = await listPage(container, `${requestFolder(requestId)}/`, { limit: 5000, marker });
    for (const { lastModified } of page.blobs) if (!last || lastModified > last) last = lastModified;
    marker = page.marker;
  } while (marker !== undefined);
  return last;
}

const MARKER = /^targets\/([^/]+)\/(?:exports|waiting)\/([0-9a-f-]{36})$/;
const DESTROYER = /^targets\/([^/]+)\/destroyer\.json$/;

async function markersOf(storage: Storage): Promise<TargetMarker[]> {
  const found: TargetMarker[] = [];
  let marker: string | undefined;
  do {
    const page = await listPage(storage.container, 'targets/', { limit: 5000, marker });
    for (const { name } of page.blobs) {
      const [, target, id] = MARKER.exec(name) ?? [];
      const named = requestIdSchema.safeParse(id);
      if (target !== undefined && named.success) found.push({ target, requestId: named.data });
      const destroyed = DESTROYER.exec(name)?.[1];
      const destroyer = destroyed === undefined ? undefined : await readDestroyer(storage, destroyed);
      if (destroyed !== undefined && destroyer) found.push({ target: destroyed, requestId: destroyer.requestId });
    }
    marker = page.marker;
  } while (marker !== undefined);
  return found;
}

const claimSchema = z.object({ requestId: requestIdSchema });

async function* keysOf(container: ContainerClient, time: Date, after: string): AsyncGenerator<BoundKey> {
  let marker: string | undefined;
  do {
    const page = await listPage(container, 'keys/', { limit: 5000, marker });
    for (const { name, lastModified } of page.blobs) {
      const digest = name.slice('keys/'.length);
      if (digest <= after || lastModified >= time) continue;
      const claim = await readJson(container, name, claimSchema);
      if (claim) yield { digest, requestId: claim.requestId };
    }
    marker = page.marker;
  } while (marker !== undefined);
}
