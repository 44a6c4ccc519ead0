import { createHash } from 'node:crypto';

/** A file of the package before it is packed. */
export interface PackageEntry {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Contents are packed as they are: images and archives don't get smaller. */
  readonly stored: boolean;
  open(): AsyncIterable<Uint8Array>;
}

/** What was read to be packed is not what the ledger says was saved. */
export class EntryMismatch extends Error {
  override readonly name = 'EntryMismatch';
  readonly path: string;

  constructor(path: string) {
    super('A file of the package is not what the ledger says.');
    this.path = path;
  }
}

/** The bytes of an entry, counted and hashed on the way. @throws EntryMismatch after the last byte when they differ. */
export async function* verifiedBytes(entry: PackageEntry): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of entry.open()) {
    hash.update(chunk);
    bytes += chunk.length;
    yield chunk;
  }
  if (bytes !== entry.bytes || hash.digest('hex') !== entry.sha256) throw new EntryMismatch(entry.path);
}

/**
 * A text that is made again whenever it is read: lines of results are too many to keep. `measured`: the same text from what is at hand
 * already, to be read once.
 */
export async function textEntry(
  path: string,
  lines: () => AsyncIterable<string>,
  measured: AsyncIterable<string> = lines(),
): Promise<PackageEntry> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const line of measured) {
    hash.update(line);
    bytes += Buffer.byteLength(line);
  }
  const open = async function* () {
    for await (const line of lines()) yield Buffer.from(line);
  };
  return { path, bytes, sha256: hash.digest('hex'), stored: false, open };
}
