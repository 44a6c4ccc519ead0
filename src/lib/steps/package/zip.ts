import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { type EntryFacts, type PackageEntry, verifiedBytes } from './entry.ts';
import { begunAhead, type PackedBody } from './packed-ahead.ts';
import { dataDescriptor, directoryRecord, endRecords, localHeader, type ZipFile, type ZipSums } from './zip-records.ts';

/**
 * A ZIP archive of the entries in their order, made while it is read: a few blocks are in memory. Equal arguments make equal bytes, with
 * one version of zlib. Leaving early closes what is being read.
 * @param modified time of every file in the archive, shown in UTC. @throws EntryMismatch for an entry that isn't what it is said to be.
 */
export async function* zipBytes(
  entries: AsyncIterable<PackageEntry> | Iterable<PackageEntry>,
  modified: Date,
): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  const packed: EntryFacts[] = [];
  const place = { offset: 0 };
  for await (const { entry, body } of begunAhead(entries)) {
    const { path, bytes, sha256, stored } = entry;
    const file: ZipFile = { name: Buffer.from(path), deflated: !stored, offset: place.offset, modified };
    const sums = yield* body ? wholeFile(place, file, await body) : streamedFile(place, file, entry);
    directory.push(directoryRecord(file, sums, body === undefined));
    packed.push({ path, bytes, sha256 });
  }
  const list = Buffer.concat(directory);
  yield list;
  yield endRecords({ files: packed.length, offset: place.offset, bytes: list.length }, archiveComment(packed));
}

/** How much of the archive is written. */
interface Place {
  offset: number;
}

function written<T extends Uint8Array>(place: Place, chunk: T): T {
  place.offset += chunk.length;
  return chunk;
}

async function* wholeFile(place: Place, file: ZipFile, body: PackedBody): AsyncGenerator<Uint8Array, ZipSums> {
  const sums: ZipSums = { crc: body.crc, packed: body.packed.length, bytes: body.bytes };
  yield written(place, localHeader(file, sums));
  yield written(place, body.packed);
  return sums;
}

/** A file that is too large to be held: its sums are known when its bytes have passed. */
async function* streamedFile(place: Place, file: ZipFile, entry: PackageEntry): AsyncGenerator<Uint8Array, ZipSums> {
  const sums = { crc: 0, packed: 0, bytes: entry.bytes };
  yield written(place, localHeader(file));
  const source = summed(verifiedBytes(entry), sums);
  for await (const chunk of file.deflated ? deflated(source) : source) {
    sums.packed += chunk.length;
    yield written(place, chunk);
  }
  yield written(place, dataDescriptor(sums));
  return sums;
}

async function* summed(source: AsyncIterable<Uint8Array>, sums: { crc: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    sums.crc = crc32(chunk, sums.crc);
    yield chunk;
  }
}

async function* deflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const readable = Readable.from(source, { objectMode: false });
  const deflate = createDeflateRaw();
  readable.once('error', (error) => void deflate.destroy(error));
  try {
    yield* readable.pipe(deflate);
  } finally {
    readable.destroy();
    deflate.destroy();
  }
}

/** The last bytes of an archive of these entries: they tell what it holds without it being read. ASCII. */
export function archiveComment(entries: readonly EntryFacts[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes, sha256 } of entries) hash.update(`${path} ${bytes} ${sha256}\n`);
  return `SHA-256 of the list of entries: ${hash.digest('hex')}`;
}
