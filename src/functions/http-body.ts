import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { type ProblemResponse, problem } from '../lib/app/problem.ts';
import { invalid } from './http-faults.ts';

const LARGEST_BYTES = 64 * 1024;
/** JSON is UTF-8 (RFC 8259, section 8.1): no other charset, and no other parameter, has a meaning. */
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset=(?:"utf-8"|utf-8)[ \t]*)?$/i;

export type Parsed<T> =
  | { readonly kind: 'body'; readonly value: T }
  | { readonly kind: 'refused'; readonly response: ProblemResponse };
type Refused = Extract<Parsed<never>, { kind: 'refused' }>;

const refused = (response: ProblemResponse): Refused => ({ kind: 'refused', response });
const tooLarge = (): Refused => refused(problem('body-too-large', { detail: 'At most 64 KiB.' }));

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

/** The bytes of a body of at most 64 KiB. */
export async function readBody(request: HttpRequest): Promise<{ kind: 'read'; bytes: Uint8Array } | Refused> {
  if (Number(request.headers.get('content-length')) > LARGEST_BYTES) return tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > LARGEST_BYTES) return tooLarge();
    chunks.push(chunk);
  }
  return { kind: 'read', bytes: Buffer.concat(chunks) };
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
