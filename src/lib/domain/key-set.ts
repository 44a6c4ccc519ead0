import { createHash } from 'node:crypto';

/** Keys that one set takes: 16 bytes for each. */
const MOST_KEYS = 1 << 20;

/** A key as 64 bits of its SHA-256: that two of a million keys are taken for one is out of the question. */
type Digest = readonly [high: number, low: number];

function digestOf(key: string): Digest {
  const digest = createHash('sha256').update(key).digest();
  // All zeros mark what is free.
  return [digest.readUInt32LE(0), digest.readUInt32LE(4) || 1];
}

/** How many parts so many keys are dealt with in, so that what is in memory stays bounded; at least one. */
export const partsOf = (keys: number): number => Math.max(1, Math.ceil(keys / MOST_KEYS));

/**
 * Those of some keys that fall into one part of several: a set is flat, whatever the number of keys, when each part is gone through by
 * itself.
 */
export class KeySet {
  readonly #part: number;
  readonly #parts: number;
  #slots: Uint32Array;
  #size = 0;

  constructor(part = 0, parts = 1) {
    this.#part = part;
    this.#parts = parts;
    this.#slots = new Uint32Array(2 * 64);
  }

  /** Takes a key in. `again`: it was there; `elsewhere`: it belongs to another part. */
  add(key: string): 'new' | 'again' | 'elsewhere' {
    const digest = digestOf(key);
    if (!this.#isOwn(digest)) return 'elsewhere';
    const slot = this.#slotOf(digest);
    if (this.#slots[slot + 1] !== 0) return 'again';
    this.#put(slot, digest);
    this.#size += 1;
    if (this.#size * 4 > this.#slots.length) this.#grow();
    return 'new';
  }

  /** Whether a key of this part is not in the set. */
  lacks(key: string): boolean {
    const digest = digestOf(key);
    return this.#isOwn(digest) && this.#slots[this.#slotOf(digest) + 1] === 0;
  }

  #isOwn([high]: Digest): boolean {
    return high % this.#parts === this.#part;
  }

  /** Where a digest stands, or would stand. */
  #slotOf([high, low]: Digest): number {
    const slots = this.#slots;
    const places = slots.length / 2;
    let place = low % places;
    while (slots[2 * place + 1] !== 0 && (slots[2 * place] !== high || slots[2 * place + 1] !== low))
      place = (place + 1) % places;
    return 2 * place;
  }

  #put(slot: number, [high, low]: Digest): void {
    this.#slots[slot] = high;
    this.#slots[slot + 1] = low;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(2 * before.length);
    for (let slot = 0; slot < before.length; slot += 2) {
      const digest: Digest = [before[slot] ?? 0, before[slot + 1] ?? 0];
      if (digest[1] !== 0) this.#put(this.#slotOf(digest), digest);
    }
  }
}
