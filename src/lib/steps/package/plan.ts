import type { PackageCursor } from './cursor.ts';
import type { PackageEntry } from './entry.ts';
import type { Piece } from './pieces.ts';

export interface VolumeLimits {
  /** A volume is at most this large, unless a single file is larger. */
  readonly bytes: number;
  readonly entries: number;
}

export interface VolumePlan {
  readonly entries: readonly PackageEntry[];
  /** Where the next volume begins; absent when everything is packed. */
  readonly next?: PackageCursor;
}

/** Records at the end of an archive, those for large ones and our comment included (PKWARE APPNOTE 4.3.14 to 4.3.16). */
const END_RECORDS_BYTES = 256;
/** Headers, descriptor and extra field of a file, without its name, rounded up (APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.5.3). */
const FILE_RECORDS_BYTES = 160;

/** The most that a file can take in an archive. Deflate adds at most five bytes to every sixteen kilobytes (RFC 1951, 3.2.4). */
function mostBytes({ bytes, path, stored }: PackageEntry): number {
  const deflate = stored ? 0 : 64 + Math.ceil(bytes / 1024);
  return bytes + deflate + 2 * Buffer.byteLength(path) + FILE_RECORDS_BYTES;
}

/**
 * The files of one volume, decided by sizes and order alone, so that every attempt makes the same volume. A file larger than a volume may
 * be gets one for itself.
 */
export async function planVolume(
  first: PackageEntry,
  pieces: AsyncIterable<Piece>,
  limits: VolumeLimits,
): Promise<VolumePlan> {
  const entries = [first];
  // Something found twice upstream is packed once a volume: a path can't be there twice.
  const paths = new Set([first.path]);
  let bytes = END_RECORDS_BYTES + mostBytes(first);
  for await (const { entry, cursor } of pieces) {
    if (paths.has(entry.path)) continue;
    const isFull = entries.length >= limits.entries || bytes + mostBytes(entry) > limits.bytes;
    if (isFull && entries.length > 1) return { entries, next: cursor };
    entries.push(entry);
    paths.add(entry.path);
    bytes += mostBytes(entry);
  }
  return { entries };
}
