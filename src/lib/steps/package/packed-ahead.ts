import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { type PackageEntry, verifiedBytes } from './entry.ts';

/** A file that is packed in memory. */
export interface PackedBody {
  readonly packed: Uint8Array;
  readonly crc: number;
  /** As unpacked. */
  readonly bytes: number;
}

/** An entry whose packing has begun; without a body it is too large to be held, and is read when its turn comes. */
export interface BegunEntry {
  readonly entry: PackageEntry;
  readonly body?: Promise<PackedBody>;
}

/** What isn't in memory anyhow is read whole up to this size. */
const LARGEST_READ_BYTES = 2 * 1024 * 1024;
/** Entries that are read and deflated while those before them are written, and what they may hold together. */
const AHEAD = 6;
const AHEAD_BYTES = 8 * 1024 * 1024;

const deflate = promisify(deflateRaw);

/** The entries in their order, each begun some entries ahead: reading one waits for storage, deflating for another processor. */
export async function* begunAhead(
  entries: AsyncIterable<PackageEntry> | Iterable<PackageEntry>,
): AsyncGenerator<BegunEntry> {
  const waiting: BegunEntry[] = [];
  const held = () => waiting.reduce((sum, { entry, body }) => sum + (body ? entry.bytes : 0), 0);
  try {
    for await (const entry of entries) {
      waiting.push(begin(entry));
      for (let first = waiting[0]; first && (waiting.length > AHEAD || held() > AHEAD_BYTES); first = waiting[0]) {
        waiting.shift();
        yield first;
      }
    }
    for (let first = waiting.shift(); first; first = waiting.shift()) yield first;
  } finally {
    // What was begun is read to its end, and no failure of it is left without an owner.
    await Promise.allSettled(waiting.map(({ body }) => body));
  }
}

function begin(entry: PackageEntry): BegunEntry {
  if (!entry.isHeld && entry.bytes > LARGEST_READ_BYTES) return { entry };
  const body = packedBody(entry);
  // It counts when its turn comes.
  body.catch(() => undefined);
  return { entry, body };
}

async function packedBody(entry: PackageEntry): Promise<PackedBody> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of verifiedBytes(entry)) chunks.push(chunk);
  const [only] = chunks;
  const whole = only && chunks.length === 1 ? only : Buffer.concat(chunks);
  const packed = entry.stored ? whole : await deflate(whole);
  return { packed, crc: crc32(whole), bytes: whole.length };
}
