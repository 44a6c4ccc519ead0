import { Readable } from 'node:stream';
import type { BlobClient, BlobDownloadResponseParsed } from '@azure/storage-blob';
import { conditionally, type Refused } from './conditions.ts';

/** No bytes for this long: the connection is given up. A slow reader on our side doesn't count. */
const SILENCE_MILLISECONDS = 60_000;

export interface WantedBytes {
  readonly offset: number;
  /** To the end, where absent. */
  readonly count?: number;
  /** Only of this version. */
  readonly etag?: string;
}

/** One answer whose body is being read. */
export interface Connection {
  readonly answer: BlobDownloadResponseParsed;
  /** The next bytes; undefined at the end. @throws what broke the connection. */
  read(): Promise<Buffer | undefined>;
  close(): void;
}

/** Asks for bytes of a blob; the body follows as it is read. @throws StorageFailure */
export async function connect(blob: BlobClient, wanted: WantedBytes): Promise<Connection | Refused> {
  const watch = silenceWatch();
  // Resuming is ours: the SDK's own takes a connection that breaks in the body for one that the caller has aborted (12.34).
  const options = { abortSignal: watch.signal, maxRetryRequests: 0 };
  const answer = await watch.during(
    conditionally('open blob', blob.name, () =>
      blob.download(wanted.offset, wanted.count, {
        ...options,
        ...(wanted.etag && { conditions: { ifMatch: wanted.etag } }),
      }),
    ),
  );
  if (typeof answer === 'string') return answer;
  const body = answer.readableStreamBody;
  const stream = body === undefined || body instanceof Readable ? body : new Readable().wrap(body);
  // Whoever reads sees an error as a rejection. Nobody may be reading when it comes: it must not end the process.
  stream?.on('error', () => undefined);
  const chunks = stream?.[Symbol.asyncIterator]();
  return {
    answer,
    async read() {
      const next = chunks ? await watch.during(chunks.next()) : undefined;
      if (next === undefined || next.done) return undefined;
      return Buffer.isBuffer(next.value) ? next.value : Buffer.from(next.value);
    },
    close: () => void stream?.destroy(),
  };
}

function silenceWatch() {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    /** Waits for bytes, but not for ever. */
    async during<T>(wait: Promise<T>): Promise<T> {
      const timer = setTimeout(() => controller.abort(), SILENCE_MILLISECONDS);
      try {
        return await wait;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
