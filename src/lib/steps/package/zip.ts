import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { type EntryFacts, type PackageEntry, verifiedBytes } from './entry.ts';
import { begunAhead } from './read-ahead.ts';

/** A file that anybody may read and its owner may write. */
const MODE = 0o100644;

/**
 * A ZIP archive of the entries in their order, made while it is read: a few blocks are in memory. Equal arguments make equal bytes, with
 * one version of zlib. Leaving early closes what is being read.
 * @param modified time of every file in the archive, shown in UTC. @throws EntryMismatch for an entry that isn't what it is said to be.
 */
export async function* zipBytes(
  entries: AsyncIterable<PackageEntry> | Iterable<PackageEntry>,
  modified: Date,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream;
  if (!(output instanceof Readable)) throw new TypeError('yazl answers with something else than a stream');
  zip.on('error', (error: Error) => void output.destroy(error));
  const left = new AbortController();
  const filled = fill({ zip, modified, signal: left.signal }, entries).catch(
    (error: Error) => void output.destroy(error),
  );
  try {
    for await (const chunk of output) yield chunk;
  } finally {
    left.abort();
    await filled;
  }
}

interface Archive {
  readonly zip: ZipFile;
  readonly modified: Date;
  /** Aborted when nobody reads any more. */
  readonly signal: AbortSignal;
}

/** Adds each entry once the one before has been read: the archive holds no more than that of them. */
async function fill(archive: Archive, entries: Parameters<typeof begunAhead>[0]): Promise<void> {
  const packed: EntryFacts[] = [];
  for await (const { entry, body } of begunAhead(entries)) {
    if (archive.signal.aborted) return;
    await add(archive, entry, body ? [await body] : verifiedBytes(entry));
    const { path, bytes, sha256 } = entry;
    packed.push({ path, bytes, sha256 });
  }
  archive.zip.end({ forceZip64Format: false, comment: archiveComment(packed) });
}

/** Settles when all bytes of the entry have been taken. */
async function add(
  { zip, modified, signal }: Archive,
  entry: PackageEntry,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const source = Readable.from(bytes, { objectMode: false, signal });
  const settings = { mtime: sameWallClock(modified), forceDosTimestamp: true, mode: MODE };
  zip.addReadStream(source, entry.path, { ...settings, size: entry.bytes, compress: !entry.stored });
  await finished(source, { signal });
}

/** The last bytes of an archive of these entries: they tell what it holds without it being read. ASCII. */
export function archiveComment(entries: readonly EntryFacts[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes, sha256 } of entries) hash.update(`${path} ${bytes} ${sha256}\n`);
  return `SHA-256 of the list of entries: ${hash.digest('hex')}`;
}

/** ZIP knows wall-clock times only, and yazl takes the machine's: the same archive everywhere needs UTC's hours as local ones. */
function sameWallClock(time: Date): Date {
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  return new Date(year, month, day, time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds());
}
