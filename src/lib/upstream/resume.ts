import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { announcedBytes } from './answer.ts';
import { withDeadline } from './deadline.ts';
import { factOf } from './failure.ts';

/** A download ended before its end and couldn't be taken up again. The caller treats it as busy: fetch it anew, later. */
export class DownloadBroken extends Error {
  /** Bytes that had come. */
  readonly offset: number;
  readonly fact: string;

  constructor(offset: number, fact: string) {
    super('A download broke off.');
    this.name = 'DownloadBroken';
    this.offset = offset;
    this.fact = fact;
  }
}

type Ask = (headers: Record<string, string>) => Promise<PipelineResponse>;

/** Breaks that one download survives. */
const MOST_RESUMES = 5;

interface Reading {
  readonly ask: Ask;
  readonly idleSeconds: number;
  /** A strong entity tag: without one the rest could be of something else. */
  readonly tag: string | undefined;
  readonly bytes: number | undefined;
  stream: Readable;
  chunks: AsyncIterator<unknown>;
  offset: number;
  resumes: number;
}

/**
 * The body of `first`. When the connection breaks, or nothing comes for `idleSeconds` while a chunk is waited for, the rest is asked for
 * by range, under the condition that the content is still the same.
 */
export function openBody(first: PipelineResponse, ask: Ask, idleSeconds: number): AsyncIterable<Uint8Array> {
  const stream = streamOf(first);
  const reading: Reading = {
    ask,
    idleSeconds,
    tag: strongTag(first),
    bytes: announcedBytes(first),
    stream,
    chunks: stream[Symbol.asyncIterator](),
    offset: 0,
    resumes: 0,
  };
  const iterator: AsyncIterator<Uint8Array> = {
    next: () => nextChunk(reading),
    // A generator that was never started would leave the connection open here.
    async return() {
      reading.stream.destroy();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function nextChunk(reading: Reading): Promise<IteratorResult<Uint8Array>> {
  for (;;) {
    try {
      const { done, value } = await withDeadline(reading.idleSeconds, () => reading.chunks.next());
      if (done) return ended(reading);
      if (!(value instanceof Uint8Array)) throw new TypeError('A response stream yields bytes.');
      reading.offset += value.length;
      if (reading.bytes !== undefined && reading.offset > reading.bytes) {
        throw new DownloadBroken(reading.offset, 'more came than was announced');
      }
      return { done: false, value };
    } catch (error) {
      reading.stream.destroy();
      const fact = factOf(error);
      if (fact === undefined) throw error;
      if (reading.offset === reading.bytes) return ended(reading);
      await resume(reading, fact);
    }
  }
}

function ended(reading: Reading): IteratorResult<Uint8Array> {
  const { bytes, offset } = reading;
  if (bytes !== undefined && offset !== bytes) throw new DownloadBroken(offset, 'less came than was announced');
  return { done: true, value: undefined };
}

/** Opens the rest, after a short wait. @throws DownloadBroken when that can't be done. */
async function resume(reading: Reading, fact: string): Promise<void> {
  const { tag, offset } = reading;
  if (tag === undefined) throw new DownloadBroken(offset, `${fact}; without an entity tag it can't be resumed`);
  for (; reading.resumes < MOST_RESUMES; ) {
    await delay(100 * 2 ** reading.resumes);
    reading.resumes += 1;
    const response = await askAgain(reading, { range: `bytes=${offset}-`, 'if-range': tag });
    if (response === undefined) continue;
    reading.stream = streamOf(response);
    if (continues(response, reading)) {
      reading.chunks = reading.stream[Symbol.asyncIterator]();
      return;
    }
    reading.stream.destroy();
    if (!isPassing(response.status))
      throw new DownloadBroken(offset, `${fact}; resuming was answered ${response.status}`);
  }
  throw new DownloadBroken(offset, `${fact}; it broke too often`);
}

async function askAgain(reading: Reading, headers: Record<string, string>): Promise<PipelineResponse | undefined> {
  try {
    return await reading.ask(headers);
  } catch (error) {
    if (factOf(error) === undefined) throw error;
    return undefined;
  }
}

const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Whether an answer is the rest of this very content, from the byte where it broke off. */
function continues(response: PipelineResponse, reading: Reading): boolean {
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (response.status !== 206 || !range || Number(range[1]) !== reading.offset) return false;
  const total = range[3] === '*' ? undefined : Number(range[3]);
  return (
    strongTag(response) === reading.tag &&
    (total === undefined || reading.bytes === undefined || total === reading.bytes)
  );
}

function strongTag(response: PipelineResponse): string | undefined {
  const tag = response.headers.get('etag');
  return tag?.startsWith('"') ? tag : undefined;
}

function streamOf(response: PipelineResponse): Readable {
  const body = response.readableStreamBody;
  const stream = body instanceof Readable ? body : Readable.from([Buffer.from(response.bodyAsText ?? '')]);
  // It may break before anybody reads it; the reader is told then.
  stream.on('error', () => undefined);
  return stream;
}
