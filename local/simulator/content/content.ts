import { createCipheriv, createHash } from 'node:crypto';

/** A file whose bytes follow from a seed: any part of it can be made without holding the rest. */
export interface GeneratedContent {
  readonly size: number;
  readonly mediaType: string;
  readonly etag: string;
  /** The bytes from `start` up to, not including, `end`, a piece at a time. */
  bytes(start: number, end: number): Generator<Uint8Array>;
}

/** How a file falls into pieces; `make(n)` yields exactly `sizeOf(n)` bytes. */
export interface Pieces {
  readonly mediaType: string;
  readonly seed: string;
  readonly count: number;
  sizeOf(piece: number): number;
  make(piece: number): Uint8Array;
}

/** Pieces of this size keep memory flat whatever the size of the file. */
export const pieceBytes = 65_536;

/** Joins pieces to one readable file. */
export function contentOf(pieces: Pieces): GeneratedContent {
  let size = 0;
  for (let piece = 0; piece < pieces.count; piece += 1) size += pieces.sizeOf(piece);
  return {
    size,
    mediaType: pieces.mediaType,
    etag: `"0x8D${digestOf(`etag ${pieces.seed} ${size}`).toString('hex').slice(0, 12).toUpperCase()}"`,
    *bytes(start, end) {
      let offset = 0;
      for (let piece = 0; piece < pieces.count && offset < end; piece += 1) {
        const length = pieces.sizeOf(piece);
        if (offset + length > start) {
          yield pieces.make(piece).subarray(Math.max(0, start - offset), Math.min(length, end - offset));
        }
        offset += length;
      }
    },
  };
}

/** Incompressible bytes for one piece: AES in counter mode, so that a piece needs no other piece. */
export function fillerBytes(seed: string, piece: number, length: number): Uint8Array {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(piece, 0);
  const cipher = createCipheriv('aes-128-ctr', digestOf(seed).subarray(0, 16), counter);
  return cipher.update(Buffer.alloc(length));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
