import { createHash } from 'node:crypto';

/** What is said of a file of the package, in its manifest too. */
export interface EntryFacts {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A file of the package before it is packed. */
export interface PackageEntry extends EntryFacts {
  /** Contents are packed as they are: images and archives don't get smaller. */
  readonly stored: boolean;
  /** All of it is in memory. */
  readonly isHeld?: true;
  open(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
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

/** A text that is in memory until it is packed. */
export function heldEntry(path: string, pieces: Iterable<string>): PackageEntry {
  const held = Buffer.from([...pieces].join(''));
  const sha256 = createHash('sha256').update(held).digest('hex');
  return { path, bytes: held.length, sha256, stored: false, isHeld: true, open: () => [held] };
}

/** A text that is measured now and made again when it is packed: one that grows with the request is too long to keep. */
export async function textEntry(path: string, lines: () => AsyncIterable<string>): Promise<PackageEntry> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const line of lines()) {
    hash.update(line);
    bytes += Buffer.byteLength(line);
  }
  const open = async function* () {
    for await (const line of lines()) yield Buffer.from(line);
  };
  return { path, bytes, sha256: hash.digest('hex'), stored: false, open };
}
