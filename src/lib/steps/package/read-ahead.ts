import { joined } from '../../store/chunks.ts';
import { type PackageEntry, verifiedBytes } from './entry.ts';

/** An entry whose reading has begun; without a body it is too large to be held, and is read when its turn comes. */
export interface BegunEntry {
  readonly entry: PackageEntry;
  readonly body?: Promise<Uint8Array>;
}

/** What isn't in memory anyhow is read whole up to this size. */
const LARGEST_READ_BYTES = 2 * 1024 * 1024;
/** Entries that are read while those before them are packed, and what they may hold together. */
const AHEAD = 6;
const AHEAD_BYTES = 8 * 1024 * 1024;

/** The entries in their order, each begun some entries ahead: reading one waits for storage, packing another for a processor. */
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
  const body = wholeBody(entry);
  // It counts when its turn comes.
  body.catch(() => undefined);
  return { entry, body };
}

async function wholeBody(entry: PackageEntry): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  // What is held was measured when it was made.
  for await (const chunk of entry.isHeld ? entry.open() : verifiedBytes(entry)) chunks.push(chunk);
  return joined(chunks);
}
