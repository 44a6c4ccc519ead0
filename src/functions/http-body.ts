import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { type ProblemResponse, problem } from '../lib/app/problem.ts';
import { invalid } from './http-faults.ts';

const LARGEST_BYTES = 64 * 1024;
/** Whoever sends 64 KiB in longer than this keeps an instance waiting. */
const LONGEST_SECONDS = 30;
/** JSON is UTF-8 (RFC 8259, section 8.1): no other charset, and no other parameter, has a meaning. */
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset=(?:"utf-8"|utf-8)[ \t]*)?$/i;

export type Parsed<T> =
  | { readonly kind: 'body'; readonly value: T }
  | { readonly kind: 'refused'; readonly response: ProblemResponse };
type Refused = Extract<Parsed<never>, { kind: 'refused' }>;
type Unread = Refused & { readonly why: 'too-large' | 'too-slow' };

const refused = (response: ProblemResponse): Refused => ({ kind: 'refused', response });
const tooLarge = (): Unread => ({
  ...refused(problem('body-too-large', { detail: 'At most 64 KiB.' })),
  why: 'too-large',
});
const tooSlow = (): Unread => ({
  ...refused(problem('body-too-slow', { detail: `All of it within ${LONGEST_SECONDS} seconds.` })),
  why: 'too-slow',
});

/** Whether a body says that it is JSON, as it stands. */
export const isJson = ({ headers }: HttpRequest): boolean =>
  JSON_TYPE.test(headers.get('content-type') ?? '') && !headers.has('content-encoding');

/** The JSON body of a request as the schema sees it, or the answer that refuses it. No body at all counts as `{}`. */
export async function parseBody<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<Parsed<T>> {
  // A compressed body would have to be unpacked before its size is known.
  if (request.headers.has('content-encoding'))
    return refused(problem('not-json', { detail: 'No Content-Encoding is taken.' }));
  const read = await readBody(request);
  if (read.kind === 'refused') return read;
  if (read.bytes.length > 0 && !isJson(request)) {
    return refused(problem('not-json'));
  }
  const decoded = decodeJson(read.bytes);
  if (decoded === undefined) return refused(problem('malformed-json'));
  const parsed = schema.safeParse(decoded.value);
  return parsed.success ? { kind: 'body', value: parsed.data } : refused(invalid('body', parsed.error));
}

/** The bytes of a body of at most 64 KiB, all of which must be there in `seconds`. */
export async function readBody(
  { headers, body }: Pick<HttpRequest, 'headers' | 'body'>,
  seconds = LONGEST_SECONDS,
): Promise<{ kind: 'read'; bytes: Uint8Array } | Unread> {
  if (Number(headers.get('content-length')) > LARGEST_BYTES) return tooLarge();
  if (!body) return { kind: 'read', bytes: new Uint8Array() };
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const leave = (): Promise<void> => reader.cancel().catch(() => undefined);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void leave();
  }, seconds * 1000);
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > LARGEST_BYTES) {
        void leave();
        return tooLarge();
      }
      chunks.push(read.value);
    }
    return isLate ? tooSlow() : { kind: 'read', bytes: Buffer.concat(chunks) };
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined for what isn't JSON in UTF-8; nothing at all counts as `{}`. */
export function decodeJson(bytes: Uint8Array): { value: unknown } | undefined {
  if (bytes.length === 0) return { value: {} };
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return undefined;
  }
}
