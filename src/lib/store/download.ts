import type { BlobClient } from '@azure/storage-blob';
import { conditionally, type Refused } from './blobs.ts';
import { asFailure } from './failure.ts';

/** No bytes for this long: the connection is given up. A slow reader on our side doesn't count. */
const SILENCE_MILLISECONDS = 60_000;
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
  /** To be read once. Leaving early closes the connection. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** Opens a blob, or a range of it, for streaming; a broken connection is resumed on the same version. undefined: it isn't there. */
export async function openBlob(blob: BlobClient, range: ByteRange = { offset: 0 }): Promise<OpenedBlob | undefined> {
  const watch = silenceWatch();
  const answer = await watch.during(
    conditionally('open blob', blob.name, () =>
      blob.download(range.offset, range.count, { abortSignal: watch.signal, maxRetryRequests: RESUMPTIONS }),
    ),
  );
  if (isRefused(answer)) return undefined;
  const { contentLength = 0, contentRange, etag = '', contentType = '', metadata = {} } = answer;
  const total = Number(contentRange?.split('/')[1] ?? contentLength);
  const chunks = chunksOf(blob.name, answer.readableStreamBody, watch);
  return { bytes: contentLength, total, etag, contentType, metadata, chunks };
}

const isRefused = (answer: unknown): answer is Refused => typeof answer === 'string';

type SilenceWatch = ReturnType<typeof silenceWatch>;

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

async function* chunksOf(
  name: string,
  stream: NodeJS.ReadableStream | undefined,
  watch: SilenceWatch,
): AsyncGenerator<Buffer> {
  if (!stream) return;
  const iterator = stream[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await watch.during(iterator.next());
      if (next.done) return;
      yield Buffer.from(next.value);
    }
  } catch (error) {
    throw asFailure('read blob', name, error);
  } finally {
    await iterator.return?.();
  }
}
