import type { PackageCursor } from './cursor.ts';
import type { EntryFacts, PackageEntry } from './entry.ts';
import type { Piece } from './pieces.ts';

export interface VolumeLimits {
  /** A volume is at most this large, unless a single file is larger. */
  readonly bytes: number;
  readonly entries: number;
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
 * The files of one volume, decided one by one while they are packed, by sizes and order alone: every attempt makes the same volume. A
 * file larger than a volume may be gets one for itself.
 */
export class VolumePlan {
  /** What is in it, as far as it is decided. */
  readonly entries: EntryFacts[] = [];
  /** Where the next volume begins; absent when everything is packed. */
  next: PackageCursor | undefined;
  /** Nothing more goes in. */
  isDecided = false;
  readonly #limits: VolumeLimits;

  constructor(limits: VolumeLimits) {
    this.#limits = limits;
  }

  /** The entries that go in. To be read once. */
  async *decide(first: PackageEntry, pieces: AsyncIterable<Piece>): AsyncGenerator<PackageEntry> {
    // Something found twice upstream is packed once a volume: a path can't be there twice.
    const paths = new Set([first.path]);
    let bytes = END_RECORDS_BYTES + mostBytes(first);
    yield this.#take(first);
    for await (const { entry, cursor } of pieces) {
      if (paths.has(entry.path)) continue;
      const isFull = this.entries.length >= this.#limits.entries || bytes + mostBytes(entry) > this.#limits.bytes;
      if (isFull && this.entries.length > 1) {
        this.next = cursor;
        break;
      }
      paths.add(entry.path);
      bytes += mostBytes(entry);
      yield this.#take(entry);
    }
    this.isDecided = true;
  }

  #take(entry: PackageEntry): PackageEntry {
    const { path, bytes, sha256 } = entry;
    this.entries.push({ path, bytes, sha256 });
    return entry;
  }
}
