import type { ContainerClient } from '@azure/storage-blob';
import { deadline } from './conditions.ts';
import { guarded } from './failure.ts';

export interface ListedBlob {
  readonly name: string;
  readonly bytes: number;
  readonly lastModified: Date;
  readonly metadata: Readonly<Record<string, string>>;
}
export interface ListPage {
  readonly blobs: ListedBlob[];
  readonly marker?: string;
}

/** One page of names with their metadata, in order of name. A page may be empty and still not be the last: go by `marker`. */
export async function listPage(
  container: ContainerClient,
  prefix: string,
  page: { limit: number; marker?: string | undefined },
): Promise<ListPage> {
  const settings = { maxPageSize: page.limit, ...(page.marker && { continuationToken: page.marker }) };
  const pages = container.listBlobsFlat({ prefix, includeMetadata: true, abortSignal: deadline() }).byPage(settings);
  const { value, done } = await guarded('list blobs', prefix, () => pages.next());
  if (done) return { blobs: [] };
  const items: {
    name: string;
    properties: { contentLength?: number; lastModified: Date };
    metadata?: Record<string, string>;
  }[] = value.segment.blobItems;
  const blobs = items.map((item) => ({
    name: item.name,
    bytes: item.properties.contentLength ?? 0,
    lastModified: item.properties.lastModified,
    metadata: item.metadata ?? {},
  }));
  return { blobs, ...(value.continuationToken && { marker: value.continuationToken }) };
}

/** The first blobs under a prefix: at least one, if there is any; a page may be empty though more follow. */
export async function firstOf(container: ContainerClient, prefix: string, limit: number): Promise<ListPage> {
  let page = await listPage(container, prefix, { limit });
  while (page.blobs.length === 0 && page.marker) {
    page = await listPage(container, prefix, { limit, marker: page.marker });
  }
  return page;
}
