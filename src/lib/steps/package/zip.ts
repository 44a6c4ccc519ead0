import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { type PackageEntry, verifiedBytes } from './entry.ts';

/** A file that anybody may read and its owner may write. */
const MODE = 0o100644;

/**
 * A ZIP archive of the entries in their order, made while it is read: a few chunks are in memory. Equal arguments make equal bytes, with
 * one version of zlib. Leaving early closes what is being read.
 * @param modified time of every file in the archive. @throws EntryMismatch for an entry that isn't what it is said to be.
 */
export async function* zipBytes(entries: readonly PackageEntry[], modified: Date): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream;
  if (!(output instanceof Readable)) throw new TypeError('yazl answers with something else than a stream');
  let current: Readable | undefined;
  const fail = (error: Error) => void output.destroy(error);
  zip.on('error', fail);
  const settings = { mtime: sameWallClock(modified), forceDosTimestamp: true, mode: MODE };
  for (const entry of entries) {
    zip.addReadStreamLazy(entry.path, { ...settings, size: entry.bytes, compress: !entry.stored }, (give) => {
      // Nobody reads any more: nothing may be opened that nobody would close.
      if (output.destroyed) return;
      current = Readable.from(verifiedBytes(entry), { objectMode: false });
      current.once('error', fail);
      give(null, current);
    });
  }
  zip.end({ forceZip64Format: false, comment: archiveComment(entries) });
  try {
    for await (const chunk of output) yield chunk;
  } finally {
    current?.destroy();
  }
}

/** The last bytes of an archive of these entries: they tell what it holds without it being read. ASCII. */
export function archiveComment(entries: readonly PackageEntry[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes, sha256 } of entries) hash.update(`${path} ${bytes} ${sha256}\n`);
  return `SHA-256 of the list of entries: ${hash.digest('hex')}`;
}

/** ZIP knows wall-clock times only, and yazl takes the machine's: the same archive everywhere needs UTC's hours as local ones. */
function sameWallClock(time: Date): Date {
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  return new Date(year, month, day, time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds());
}
