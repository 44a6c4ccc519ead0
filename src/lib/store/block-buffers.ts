import { free, joined } from './chunks.ts';

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Buffers of one size. One that is given back is used again: what passes through an upload leaves nothing behind to be collected. */
export interface BlockBuffers {
  readonly blockBytes: number;
  take(): Buffer;
  /** Nobody may read it any more. */
  give(block: Buffer): void;
}

/** @param blockBytes size of each. There are as many as were ever taken at the same time. */
export function blockBuffers(blockBytes: number): BlockBuffers {
  const free: Buffer[] = [];
  return {
    blockBytes,
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(blockBytes),
    give: (block) => {
      if (block.length === blockBytes) free.push(block);
    },
  };
}

/** A piece of a source. It may be the source's own bytes where the source ends within the first. */
export interface Block {
  readonly block: Buffer;
  /** Nothing follows. */
  readonly isLast: boolean;
}

/**
 * Cuts a source into blocks of one size; the last may be shorter. A source without bytes has none. Leaving early closes the source. The
 * chunks of a stream are taken over: once copied they are freed. Those of what is in memory stay their owner's.
 */
export async function* inBlocks(source: Bytes, buffers: BlockBuffers): AsyncGenerator<Block> {
  // Most sources end before the first block is full: it isn't taken for them.
  let start: Uint8Array[] = [];
  const done = Symbol.asyncIterator in source ? free : () => undefined;
  let block: Buffer | undefined;
  let length = 0;
  for await (const chunk of source) {
    if (!block && length + chunk.length <= buffers.blockBytes) {
      start.push(chunk);
      length += chunk.length;
      continue;
    }
    if (!block) {
      block = filled(buffers.take(), start);
      start.forEach(done);
      start = [];
    }
    for (let rest = chunk; rest.length > 0; ) {
      if (length === block.length) {
        yield { block, isLast: false };
        block = buffers.take();
        length = 0;
      }
      const part = rest.subarray(0, block.length - length);
      block.set(part, length);
      length += part.length;
      rest = rest.subarray(part.length);
    }
    done(chunk);
  }
  if (block) yield { block: block.subarray(0, length), isLast: true };
  else if (length > 0) yield { block: joined(start, done), isLast: true };
}

function filled(block: Buffer, parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) {
    block.set(part, length);
    length += part.length;
  }
  return block;
}
