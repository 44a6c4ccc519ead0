import { text as collect } from 'node:stream/consumers';
import type { BlobClient, BlockBlobUploadOptions, ContainerClient } from '@azure/storage-blob';
import type { z } from 'zod';
import { conditionally, deadline, type Refused } from './conditions.ts';
import { openBlob } from './download.ts';
import { UnreadableBlob } from './failure.ts';

/** Text of a small blob, with what is needed to change it conditionally. */
export interface StoredText {
  readonly text: string;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The service's clock when it answered. */
  readonly answeredAt: Date | undefined;
}

export interface WriteOptions {
  /** `absent`: only where there is no such blob yet; an ETag: only over that very version; absent: over anything. */
  readonly onlyIf?: 'absent' | { readonly etag: string };
  readonly metadata?: Record<string, string>;
  readonly tags?: Record<string, string>;
}

export type Written = { kind: 'written'; etag: string; answeredAt: Date | undefined } | { kind: Refused };

/** Writes a small blob in one operation. Under `onlyIf: 'absent'` the only refusal is `exists`. */
export async function writeText(
  container: ContainerClient,
  name: string,
  content: { text: string; options?: WriteOptions },
): Promise<Written> {
  const { onlyIf, metadata, tags } = content.options ?? {};
  const conditions = onlyIf === 'absent' ? { ifNoneMatch: '*' } : onlyIf ? { ifMatch: onlyIf.etag } : {};
  const options: BlockBlobUploadOptions = {
    abortSignal: deadline(),
    conditions,
    blobHTTPHeaders: { blobContentType: 'application/json; charset=utf-8' },
    ...(metadata && { metadata }),
    ...(tags && { tags }),
  };
  const bytes = Buffer.from(content.text);
  const answer = await conditionally('write blob', name, () =>
    container.getBlockBlobClient(name).upload(bytes, bytes.length, options),
  );
  if (typeof answer === 'string') return { kind: onlyIf === 'absent' && answer === 'changed' ? 'exists' : answer };
  return { kind: 'written', etag: answer.etag ?? '', answeredAt: answer.date };
}

/** Reads a small blob whole; undefined when it isn't there. */
export async function readText(container: ContainerClient, name: string): Promise<StoredText | undefined> {
  const opened = await openBlob(container.getBlobClient(name));
  if (!opened) return undefined;
  const { etag, metadata, answeredAt } = opened;
  return { text: await collect(opened.chunks), etag, metadata, answeredAt };
}

/** Size and metadata without the content; undefined when the blob isn't there. */
export async function stat(
  blob: BlobClient,
): Promise<{ bytes: number; etag: string; contentType: string; metadata: Record<string, string> } | undefined> {
  const answer = await conditionally('look at blob', blob.name, () => blob.getProperties({ abortSignal: deadline() }));
  if (typeof answer === 'string') return undefined;
  const { contentLength = 0, etag = '', contentType = '', metadata = {} } = answer;
  return { bytes: contentLength, etag, contentType, metadata };
}

/** The index tags that a blob carries; undefined when it isn't there. */
export async function readTags(
  container: ContainerClient,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const blob = container.getBlobClient(name);
  const answer = await conditionally('read tags', name, () => blob.getTags({ abortSignal: deadline() }));
  return typeof answer === 'string' ? undefined : answer.tags;
}

/** Deletes a blob (only that version, where an ETag is given); true when it was there. */
export async function remove(container: ContainerClient, name: string, etag?: string): Promise<boolean | 'changed'> {
  const options = { abortSignal: deadline(), ...(etag && { conditions: { ifMatch: etag } }) };
  const answer = await conditionally('delete blob', name, () => container.getBlobClient(name).delete(options));
  if (answer === 'changed') return 'changed';
  return typeof answer !== 'string';
}

/** JSON text as the schema sees it. @throws UnreadableBlob, which names the blob and nothing of its content. */
export function parseStored<T>(blob: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableBlob(blob);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new UnreadableBlob(blob);
  return parsed.data;
}

/** Reads and parses a small JSON blob; undefined when it isn't there. */
export async function readJson<T>(
  container: ContainerClient,
  name: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const stored = await readText(container, name);
  return stored && parseStored(name, stored.text, schema);
}
