import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../faults/rules.ts';
import type { Answer, AnswerBody } from './message.ts';

/** Writes an answer, broken in the way the fault says. Resolves when the answer is out or the connection is gone. */
export async function send(response: ServerResponse, answer: Answer, fault: Fault | undefined): Promise<void> {
  if (fault?.kind === 'resetBeforeAnswer' || fault?.kind === 'resetAfterEffect') return reset(response);
  const size = sizeOf(answer.body);
  const cut = cutAfter(fault, size);
  const declared = fault?.kind === 'truncatedBody' && fault.declared === 'cut' ? cut : size;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.body && { 'Content-Length': String(declared) }),
  });
  if (!answer.body) {
    response.end();
    return;
  }
  const chunks = limited(chunksOf(answer.body), cut);
  for (const chunk of fault?.kind === 'slowDrip' ? slices(chunks, fault.chunkBytes) : chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
    if (fault?.kind === 'slowDrip') await pause(fault.pauseMilliseconds);
  }
  if (fault?.kind === 'resetMidBody') return reset(response);
  if (declared === cut) response.end();
  else response.socket?.end(); // fewer bytes than promised: the connection closes in order, too early
}

function sizeOf(body: AnswerBody | undefined): number {
  if (!body) return 0;
  if ('content' in body) return body.end - body.start;
  return Buffer.byteLength('text' in body ? body.text : JSON.stringify(body.json));
}

function* chunksOf(body: AnswerBody): Generator<Uint8Array> {
  if ('content' in body) yield* body.content.bytes(body.start, body.end);
  else yield Buffer.from('text' in body ? body.text : JSON.stringify(body.json));
}

/** Bytes that are sent at all: without a fault of that kind, all; by default half of them. */
function cutAfter(fault: Fault | undefined, size: number): number {
  if (fault?.kind !== 'resetMidBody' && fault?.kind !== 'truncatedBody') return size;
  return Math.min(size, fault.afterBytes ?? Math.floor(size / 2));
}

function* limited(chunks: Iterable<Uint8Array>, most: number): Generator<Uint8Array> {
  let left = most;
  for (const chunk of chunks) {
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}

function* slices(chunks: Iterable<Uint8Array>, size: number): Generator<Uint8Array> {
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += size) yield chunk.subarray(start, start + size);
  }
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** A real reset (RST), once what was written has left. */
async function reset(response: ServerResponse): Promise<void> {
  const { socket } = response;
  if (!socket) return;
  if (socket.writableLength > 0) await new Promise<void>((resolve) => socket.write('', () => resolve()));
  socket.resetAndDestroy();
}
