import type { z } from 'zod';
import type { Description } from '../src/lib/api/description.ts';
import { type Operation, ROUTES } from '../src/lib/api/routes.ts';
import type { Arguments, JsonOperation, Told } from './calls.ts';
import { refusalOf } from './refusal.ts';

/** Where the API is, and as whom it is called. */
export interface Access {
  /** `https://HOST`, without `/api`. */
  readonly url: string;
  /** A function key; in local mode its name is the actor of every call. */
  readonly key: string;
  /** Gets the bearer token for a call, where the app asks for one. */
  readonly token?: (() => Promise<string>) | undefined;
}

/** Calls to the HTTP API by the names that the OpenAPI document gives them. Each throws ApiRefusal for what isn't 200 to 299. */
export interface ApiClient {
  /** The answer in JSON. @throws ZodError for one that isn't as documented. */
  call<O extends JsonOperation>(operation: O, ...given: Arguments<O>): Promise<Told<O>>;
  /** The answer as it comes: bytes, lines, signed statements. @param accept another media type than the first. */
  open<O extends Operation>(operation: O, accept: string | undefined, ...given: Arguments<O>): Promise<Response>;
  /** What an `href` or a link of an answer leads to. @throws Error for one that leads elsewhere than to this API. */
  follow(href: string): Promise<Response>;
}

/** A client with one key. Nothing is sent until a method is called. */
export function apiClient(access: Access): ApiClient {
  return {
    async call<O extends JsonOperation>(operation: O, ...[given]: Arguments<O>): Promise<Told<O>> {
      const answer = await send(access, requestOf(operation, given ?? {}));
      // The very schema that the type comes from: the compiler loses sight of that where the operation is a parameter.
      return schemaOf(operation).parse(await answer.json()) as Told<O>;
    },
    open: (operation, accept, ...[given]) => send(access, { ...requestOf(operation, given ?? {}), accept }),
    async follow(href) {
      if (!/^\/api\/[^/\\]/.test(href)) throw new Error('This address leads elsewhere.');
      return send(access, { method: 'GET', path: href });
    },
  };
}

const schemaOf = (operation: JsonOperation): z.ZodType => ROUTES[operation].answer.json;

/** Given to a call, whichever it is: the types of `Given` have seen to what fits it. */
interface AnyGiven {
  readonly parts?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: unknown;
  readonly accept?: string | undefined;
}

function requestOf(operation: Operation, { parts = {}, query = {}, headers, body }: AnyGiven): Sent {
  const { method, path }: Description = ROUTES[operation];
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const search = asked.length > 0 ? `?${new URLSearchParams(asked)}` : '';
  return { method, path: `/api/${filled}${search}`, headers, body };
}

async function send(access: Access, { method, path, headers = {}, body, accept }: Sent): Promise<Response> {
  const own = new Headers({ 'x-functions-key': access.key });
  if (access.token) own.set('authorization', `Bearer ${await access.token()}`);
  if (accept !== undefined) own.set('accept', accept);
  if (body !== undefined) own.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) own.set(name, value);
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${access.url}${path}`, { method, headers: own, ...content });
  if (answer.ok) return answer;
  throw await refusalOf(`${method} ${path}`, answer);
}
