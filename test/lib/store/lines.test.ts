import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockBuffers, inBlocks } from '../../../src/lib/store/block-buffers.ts';
import { linesOf } from '../../../src/lib/store/lines.ts';

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const size of sizes) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 40 });

describe('lines of a stream', () => {
  it('are the lines that were written, wherever the chunks are cut', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, async (lines, chunkSizes) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        expect(await collect(linesOf(cut(bytes, chunkSizes)))).toEqual(lines);
      }),
    );
  });

  it('end in an error when the last one has no line feed', async () => {
    await expect(collect(linesOf(cut(Buffer.from('a\nb'), [1])))).rejects.toThrow(RangeError);
  });
});

describe('blocks of a stream', () => {
  it('hold the same bytes in the same order, all but the last of one size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 100 }),
        sizes,
        fc.integer({ min: 1, max: 9 }),
        async (bytes, chunkSizes, size) => {
          const buffers = blockBuffers(size);
          const blocks: Buffer[] = [];
          const last: boolean[] = [];
          for await (const { block, isLast } of inBlocks(cut(Buffer.from(bytes), chunkSizes), buffers)) {
            blocks.push(Buffer.from(block));
            last.push(isLast);
            // From now on it may be filled with what follows.
            buffers.give(block);
          }
          expect(last).toEqual(blocks.map((_, index) => index === blocks.length - 1));
          expect(Buffer.concat(blocks)).toEqual(Buffer.from(bytes));
          expect(blocks.slice(0, -1).filter((block) => block.length !== size)).toEqual([]);
          expect(blocks.filter((block) => block.length === 0 || block.length > size)).toEqual([]);
        },
      ),
    );
  });

  it('free the chunks of a stream as soon as they are copied, and leave alone what is in memory', async () => {
    const chunksOf = () => [3, 9, 5].map((size) => Buffer.alloc(size, size));
    for (const [sources, left] of [
      [chunksOf(), [0, 0, 0]],
      [chunksOf(), [3, 9, 5]],
    ] as const) {
      const isStream = left[0] === 0;
      const blocks: Buffer[] = [];
      for await (const { block } of inBlocks(isStream ? streamed(sources) : sources, blockBuffers(4)))
        blocks.push(block);
      expect(Buffer.concat(blocks)).toEqual(Buffer.concat(chunksOf()));
      expect(sources.map(({ buffer }) => buffer.byteLength)).toEqual(left);
    }
  });
});

async function* streamed(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
