import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { AnswerTooLarge, MalformedAnswer } from './failure.ts';

/** A JSON answer is at most this long; a page of 256 images takes about half a MiB. */
export const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * The whole body.
 * @throws AnswerTooLarge as soon as it is, MalformedAnswer when it is shorter than announced, and whatever the connection throws.
 */
export async function readBody(response: PipelineResponse, limit: number): Promise<Uint8Array> {
  const announced = announcedBytes(response);
  const stream = response.readableStreamBody;
  if (!stream) return Buffer.from(response.bodyAsText ?? '');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += piece.length;
    // Leaving the loop destroys the stream.
    if (bytes > limit || (announced ?? 0) > limit) throw new AnswerTooLarge();
    chunks.push(piece);
  }
  if (announced !== undefined && announced !== bytes) throw new MalformedAnswer('the answer broke off');
  return Buffer.concat(chunks);
}

/** The body's length as the answer announces it; undefined when it doesn't. */
export function announcedBytes(response: PipelineResponse): number | undefined {
  const text = response.headers.get('content-length');
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * The JSON value in a body; undefined for an empty one.
 * @param mayBeText nothing but inference says that it is JSON: plain text is taken as it came, unless it is JSON all the same.
 * @throws MalformedAnswer when the answer doesn't say that it is JSON, or isn't.
 */
export function parseJson(response: PipelineResponse, body: Uint8Array, mayBeText = false): unknown {
  if (body.length === 0) return undefined;
  const type = response.headers.get('content-type') ?? '';
  if (mayBeText && PLAIN_TYPE.test(type)) return jsonOrText(type, body);
  if (!JSON_TYPE.test(type)) throw new MalformedAnswer('the answer is not JSON');
  try {
    // The decoder drops a byte order mark, which RFC 8259, 8.1 lets a parser ignore.
    return JSON.parse(decoded(type, body));
  } catch {
    throw new MalformedAnswer('the answer is not well-formed JSON');
  }
}

function jsonOrText(type: string, body: Uint8Array): unknown {
  let text: string;
  try {
    text = decoded(type, body);
  } catch {
    throw new MalformedAnswer('the answer is not well-formed text');
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws RangeError for a charset that isn't known, TypeError for bytes that aren't of it. */
const decoded = (type: string, body: Uint8Array): string =>
  new TextDecoder(CHARSET.exec(type)?.[1] ?? 'utf-8', { fatal: true }).decode(body);

const JSON_TYPE = /^\s*(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const PLAIN_TYPE = /^\s*text\/plain\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([\w.:-]+)"?/i;

/** Only a code that is a plain word: what else stands there may be anything. */
const code = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/);
/** Both ways in which upstreams write their errors (contracts/endpoints.md, "Error bodies"). */
const errorBody = z.union([
  z.object({ error: z.object({ code }) }).transform((body) => body.error.code),
  z.object({ code }).transform((body) => body.code),
]);

/** The error code in a body or, as storage services do it, in a header. Never throws: an error's body may be anything. */
export function errorCode(response: PipelineResponse, body: Uint8Array): string | undefined {
  const header = code.safeParse(response.headers.get('x-ms-error-code'));
  if (header.success) return header.data;
  try {
    return errorBody.safeParse(JSON.parse(new TextDecoder().decode(body))).data;
  } catch {
    return undefined;
  }
}

/** What is kept of an error's body; it is read to free the connection and for its code. */
const ERROR_LIMIT_BYTES = 64 * 1024;

/** The error code of an answer that isn't wanted. Its body is read up to a small limit. @throws whatever the connection throws. */
export async function readErrorCode(response: PipelineResponse): Promise<string | undefined> {
  try {
    return errorCode(response, await readBody(response, ERROR_LIMIT_BYTES));
  } catch (error) {
    if (error instanceof AnswerTooLarge) return errorCode(response, new Uint8Array());
    throw error;
  }
}
