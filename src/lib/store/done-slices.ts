import { createHash, type Hash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { type RequestId, type SliceId, sliceIdSchema, type TaskId } from '../domain/ids.ts';
import {
  addCounts,
  type Counts,
  countsSchema,
  NO_COUNTS,
  type ResultLine,
  resultLineSchema,
} from '../domain/ledger.ts';
import { type SliceHeader, sliceHeaderSchema } from '../domain/slice.ts';
import { parseStored } from './blobs.ts';
import { openBlob } from './download.ts';
import { UnreadableBlob } from './failure.ts';
import { linesOf } from './lines.ts';
import { type ListedBlob, listPage } from './listing.ts';
import { doneFolder, doneName, type SliceRef } from './names.ts';
import type { Storage } from './storage.ts';
import { type ContentFacts, uploadOnce } from './upload.ts';

const MIB = 1024 * 1024;
const BLOCK_BYTES = 4 * MIB;
/** Enough for nearly every header: then one operation reads it. */
const FIRST_READ_BYTES = 64 * 1024;
const SUM_PAGE = 5000;

export type ResultLines = Iterable<ResultLine> | AsyncIterable<ResultLine>;
/** `sha256`: of the result as it was committed; results of older versions lack it. */
export interface DoneSlice {
  readonly sliceId: SliceId;
  readonly counts: Counts;
  readonly sha256?: string;
  /** It failed at every attempt, and only tells what it held. */
  readonly givenUp?: true;
}

export interface DoneQuery {
  readonly requestId: RequestId;
  readonly taskId: TaskId;
  /** What stands before the dash in the slices' ids; all phases where absent. */
  readonly phase?: string | undefined;
}

/** Writes the result once: header first, then the lines, one operation up to 4 MiB. `lost`: another attempt's result is there. */
export async function commitSlice(
  storage: Storage,
  ref: SliceRef,
  result: { header: SliceHeader; lines: ResultLines },
): Promise<'committed' | 'lost'> {
  const first = Buffer.from(`${JSON.stringify(result.header)}\n`);
  // The upload takes it over.
  const headerBytes = first.length;
  const uploaded = await uploadOnce(storage.container.getBlockBlobClient(doneName(ref)), encoded(first, result.lines), {
    blockBytes: BLOCK_BYTES,
    contentType: () => 'application/x-ndjson',
    metadata: ({ sha256 }) => ({
      counts: JSON.stringify(result.header.counts),
      headerbytes: String(headerBytes),
      sha256,
      ...(result.header.givenUp && { givenup: 'true' }),
    }),
  });
  return uploaded.kind === 'written' ? 'committed' : 'lost';
}

async function* encoded(first: Buffer, lines: ResultLines): AsyncGenerator<Buffer> {
  yield first;
  for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`);
}

/** The header alone, by a ranged read. */
export async function readSliceHeader(storage: Storage, ref: SliceRef): Promise<SliceHeader | undefined> {
  const blob = storage.container.getBlobClient(doneName(ref));
  const start = await openBlob(blob, { offset: 0, count: FIRST_READ_BYTES });
  if (!start) return undefined;
  const headerBytes = Number(start.metadata.headerbytes);
  let content = await buffer(start.chunks);
  if (content.length < headerBytes) {
    const rest = await openBlob(blob, { offset: content.length, count: headerBytes - content.length });
    if (rest) content = Buffer.concat([content, await buffer(rest.chunks)]);
  }
  // A missing or broken length gives a text that no schema takes.
  return parseStored(blob.name, content.subarray(0, headerBytes).toString('utf8'), sliceHeaderSchema);
}

/** The lines after the header, one at a time. A result that isn't there has none. @throws UnreadableBlob for a broken one. */
export async function* readSliceLines(storage: Storage, ref: SliceRef): AsyncGenerator<ResultLine> {
  const name = doneName(ref);
  const opened = await openBlob(storage.container.getBlobClient(name));
  if (!opened) return;
  let header = true;
  try {
    for await (const line of linesOf(opened.chunks)) {
      if (!header) yield parseStored(name, line, resultLineSchema);
      header = false;
    }
  } catch (error) {
    throw error instanceof RangeError ? new UnreadableBlob(name) : error;
  }
}

/** Keys of a result's lines: of items that were found, and of those that came to an end. */
export interface ResultKeys {
  readonly found: string[];
  readonly item: string[];
}

/** Size and SHA-256 of a result as it lies there now, and the keys in it. @throws UnreadableBlob when it isn't there. */
export async function digestSlice(storage: Storage, ref: SliceRef): Promise<ContentFacts & { keys: ResultKeys }> {
  const name = doneName(ref);
  const opened = await openBlob(storage.container.getBlobClient(name));
  if (!opened) throw new UnreadableBlob(name);
  const hash = createHash('sha256');
  const keys: ResultKeys = { found: [], item: [] };
  try {
    for await (const line of linesOf(hashed(opened.chunks, hash))) noteKey(keys, line);
  } catch (error) {
    // A last line that broke off: its bytes count, and whoever compares digests sees it.
    if (!(error instanceof RangeError)) throw error;
  }
  return { bytes: opened.bytes, sha256: hash.digest('hex'), keys };
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** How such lines begin, as they are written: documents, the most of a result, aren't read for it. */
const KEYED = /^\{"line":"(found|item)","key":("(?:[^"\\]|\\.)*")/;

function noteKey(keys: ResultKeys, line: string): void {
  const [, kind, key] = KEYED.exec(line) ?? [];
  if (key !== undefined) (kind === 'found' ? keys.found : keys.item).push(textOf(key));
}

/** What an altered result holds may be no JSON: then it is what it is. */
function textOf(json: string): string {
  try {
    return z.string().parse(JSON.parse(json));
  } catch {
    return json;
  }
}

/** A page of results in order of name, with their sums. A page may be empty and not the last: go by `marker`. */
export async function listDoneSlices(
  storage: Storage,
  query: DoneQuery,
  page: { limit: number; marker?: string | undefined },
): Promise<{ slices: DoneSlice[]; marker?: string }> {
  const folder = doneFolder(query.requestId, query.taskId);
  const listed = await listPage(storage.container, query.phase ? `${folder}${query.phase}-` : folder, page);
  const slices = listed.blobs.map((blob) => ({
    sliceId: sliceIdSchema.parse(blob.name.slice(folder.length, -'.ndjson'.length)),
    counts: countsOf(blob),
    ...(blob.metadata.sha256 !== undefined && { sha256: blob.metadata.sha256 }),
    ...(blob.metadata.givenup !== undefined && { givenUp: true as const }),
  }));
  return { slices, ...(listed.marker && { marker: listed.marker }) };
}

const countsOf = ({ name, metadata }: ListedBlob): Counts => parseStored(name, metadata.counts ?? '', countsSchema);

/** Sum over all results, from their metadata, a page of 5000 at a time. */
export async function sumDoneSlices(storage: Storage, query: DoneQuery): Promise<Counts> {
  let sum = NO_COUNTS;
  let marker: string | undefined;
  do {
    const page = await listDoneSlices(storage, query, { limit: SUM_PAGE, marker });
    for (const { counts } of page.slices) sum = addCounts(sum, counts);
    marker = page.marker;
  } while (marker);
  return sum;
}
