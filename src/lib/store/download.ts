import type { BlobClient } from '@azure/storage-blob';
import { type Connection, connect, type WantedBytes } from './connection.ts';
import { StorageFailure, UnreadableBlob } from './failure.ts';

const RESUMPTIONS = 5;

export interface ByteRange {
  readonly offset: number;
  /** To the end, where absent. */
  readonly count?: number;
}

export interface OpenedBlob {
  /** Length of what is streamed; `total` is that of the whole blob. */
  readonly bytes: number;
  readonly total: number;
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The service's clock when it answered. */
  readonly answeredAt: Date | undefined;
  /** To be read once. Leaving early closes the connection. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** Opens a blob, or a range of it, for streaming; a broken connection is resumed on the same version. undefined: it isn't there. */
export async function openBlob(blob: BlobClient, range: ByteRange = { offset: 0 }): Promise<OpenedBlob | undefined> {
  const connection = await connect(blob, range);
  if (typeof connection === 'string') return undefined;
  const {
    contentLength: bytes = 0,
    contentRange,
    etag = '',
    contentType = '',
    metadata = {},
    date,
  } = connection.answer;
  const total = Number(contentRange?.split('/')[1] ?? bytes);
  const reader = resumingReader(blob, connection, { offset: range.offset, count: bytes, etag });
  return { bytes, total, etag, contentType, metadata, answeredAt: date, chunks: iteratorOf(reader) };
}

interface Reader {
  read(): Promise<Buffer | undefined>;
  close(): void;
}

/** Reads exactly the wanted bytes, over as many connections as it takes. */
function resumingReader(blob: BlobClient, first: Connection, wanted: Required<WantedBytes>): Reader {
  const end = wanted.offset + wanted.count;
  let connection = first;
  let position = wanted.offset;
  let resumptions = 0;
  const resume = async () => {
    connection.close();
    if (resumptions >= RESUMPTIONS) throw new StorageFailure('read blob', blob.name, { code: 'ConnectionBroken' });
    resumptions += 1;
    const next = await connect(blob, { offset: position, count: end - position, etag: wanted.etag });
    // It was deleted or replaced meanwhile: what was read so far belongs to nothing.
    if (typeof next === 'string') throw new UnreadableBlob(blob.name);
    connection = next;
  };
  return {
    async read() {
      while (position < end) {
        const chunk = await connection.read().catch(() => undefined);
        if (chunk !== undefined) {
          position += chunk.length;
          return chunk;
        }
        await resume();
      }
      connection.close();
      return undefined;
    },
    close: () => connection.close(),
  };
}

/** Not a generator: one that was never started would not close the connection when it is left. */
const iteratorOf = (reader: Reader): AsyncIterableIterator<Buffer> => ({
  async next() {
    const value = await reader.read();
    return value === undefined ? { done: true, value } : { done: false, value };
  },
  async return() {
    reader.close();
    return { done: true, value: undefined };
  },
  [Symbol.asyncIterator]() {
    return this;
  },
});
