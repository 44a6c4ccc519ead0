import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import {
  dataDescriptor,
  directoryRecord,
  endRecords,
  localHeader,
  type ZipFile,
} from '../../../../src/lib/steps/package/zip-records.ts';

const GIBIBYTE = 2 ** 30;

/** A file that is zeros but for a few records: nobody holds its gigabytes. */
class SparseFile extends RandomAccessReader {
  readonly #parts: readonly { at: number; bytes: Buffer }[];

  constructor(parts: readonly { at: number; bytes: Buffer }[]) {
    super();
    this.#parts = parts;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const range = Buffer.alloc(end - start);
    for (const { at, bytes } of this.#parts) {
      for (let position = Math.max(at, start); position < Math.min(at + bytes.length, end); position += 1) {
        range[position - start] = bytes[position - at] ?? 0;
      }
    }
    return Readable.from([range]).pipe(new PassThrough());
  }
}

const fileAt = (name: string, offset: number): ZipFile => ({
  name: Buffer.from(name),
  deflated: false,
  offset,
  modified: new Date('2026-03-29T01:30:58.000Z'),
});

describe('records of an archive', () => {
  it('tell an independent reader of files that are larger, and begin later, than 32 bits can say', async () => {
    const large = { file: fileAt('large.bin', 0), sums: { crc: 7, packed: 5 * GIBIBYTE, bytes: 5 * GIBIBYTE } };
    const header = localHeader(large.file);
    const descriptor = dataDescriptor(large.sums);
    const behind = header.length + large.sums.packed + descriptor.length;
    const small = { file: fileAt('ångström.txt', behind), sums: { crc: 9, packed: 3, bytes: 3 } };
    const second = Buffer.concat([localHeader(small.file, small.sums), Buffer.from('abc')]);
    const list = Buffer.concat([
      directoryRecord(large.file, large.sums, true),
      directoryRecord(small.file, small.sums, false),
    ]);
    const offset = behind + second.length;
    const end = endRecords({ files: 2, offset, bytes: list.length }, 'a comment');
    const sparse = new SparseFile([
      { at: 0, bytes: header },
      { at: header.length + large.sums.packed, bytes: descriptor },
      { at: behind, bytes: second },
      { at: offset, bytes: Buffer.concat([list, end]) },
    ]);
    const zip = await fromRandomAccessReaderPromise(sparse, offset + list.length + end.length, { lazyEntries: true });
    const seen = [];
    for await (const {
      fileName,
      uncompressedSize,
      compressedSize,
      relativeOffsetOfLocalHeader,
      crc32,
    } of zip.eachEntry())
      seen.push({ fileName, uncompressedSize, compressedSize, relativeOffsetOfLocalHeader, crc32 });
    expect(zip.comment).toBe('a comment');
    expect(seen).toEqual([
      {
        fileName: 'large.bin',
        uncompressedSize: 5 * GIBIBYTE,
        compressedSize: 5 * GIBIBYTE,
        relativeOffsetOfLocalHeader: 0,
        crc32: 7,
      },
      {
        fileName: 'ångström.txt',
        uncompressedSize: 3,
        compressedSize: 3,
        relativeOffsetOfLocalHeader: behind,
        crc32: 9,
      },
    ]);
  });
});
