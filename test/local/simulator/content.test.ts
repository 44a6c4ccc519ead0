import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import yauzl from 'yauzl';
import type { GeneratedContent } from '../../../local/simulator/content/content.ts';
import { pictureContent } from '../../../local/simulator/content/png.ts';
import { archiveContent } from '../../../local/simulator/content/zip.ts';

const bytesOf = (content: GeneratedContent, start = 0, end = content.size) =>
  Buffer.concat([...content.bytes(start, end)]);
const seeds = fc.string({ maxLength: 8 });

function chunksOf(png: Buffer): { readonly type: string; readonly data: Buffer; readonly sound: boolean }[] {
  const chunks = [];
  for (let offset = 8; offset < png.length; ) {
    const length = png.readUInt32BE(offset);
    const typed = png.subarray(offset + 4, offset + 8 + length);
    const sound = crc32(typed) === png.readUInt32BE(offset + 8 + length);
    chunks.push({ type: typed.subarray(0, 4).toString(), data: typed.subarray(4), sound });
    offset += 12 + length;
  }
  return chunks;
}

test('every picture is a sound PNG of its dimensions and its size', () => {
  const side = fc.integer({ min: 1, max: 64 });
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 200_000 }), side, side, (seed, size, width, height) => {
      const content = pictureContent({ seed, size, width, height });
      const png = bytesOf(content);
      expect(png.length).toBe(content.size);
      if (size > 700) expect(png.length).toBe(size);
      const chunks = chunksOf(png);
      expect(chunks.every(({ sound }) => sound)).toBe(true);
      expect([chunks[0]?.type, chunks[1]?.type, chunks.at(-1)?.type]).toEqual(['IHDR', 'IDAT', 'IEND']);
      expect(chunks[0]?.data.readUInt32BE(0)).toBe(width);
      expect(inflateSync(chunks[1]?.data ?? Buffer.alloc(0)).length).toBe(height * (1 + Math.ceil(width / 8)));
    }),
    { numRuns: 60 },
  );
});

test('any part of a file equals that part of the whole', () => {
  const kinds = fc.constantFrom(
    (seed: string, size: number) => pictureContent({ seed, size, width: 9, height: 9 }),
    archiveContent,
  );
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(kinds, seeds, fc.integer({ min: 0, max: 300_000 }), share, share, (make, seed, size, one, other) => {
      const content = make(seed, size);
      const start = Math.floor(Math.min(one, other) * content.size);
      const end = Math.ceil(Math.max(one, other) * content.size);
      expect(bytesOf(content, start, end).equals(bytesOf(content).subarray(start, end))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.each([0, 500, 65_536, 200_001])(
  'an archive of %i bytes is one that a ZIP reader opens and verifies',
  async (size) => {
    const content = archiveContent('model', size);
    const zip = bytesOf(content);
    expect(zip.length).toBe(size === 0 ? content.size : size);
    const archive = await yauzl.fromBufferPromise(zip, { lazyEntries: true });
    let total = 0;
    for await (const entry of archive.eachEntry()) {
      for await (const chunk of await archive.openReadStreamPromise(entry)) total += Buffer.from(chunk).length;
    }
    expect(total).toBeLessThanOrEqual(size);
  },
);
