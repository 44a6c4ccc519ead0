import { type LookupAddress, lookup } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

export interface CallbackPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of it. `closed`: the host isn't on the public internet, and never will be asked. `failed`: no answer. */
export type CallbackAnswer =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly code: string };

/** All addresses of a name. */
export type Resolve = (name: string, found: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

export interface CallbackWay {
  /** Lets http through to this machine: for local set-ups only. */
  readonly loopback: boolean;
  /** How a name is resolved; the system's way where absent. */
  readonly resolve?: Resolve;
  readonly isPublic?: (address: string) => boolean;
  /** Certificates to trust instead of the usual ones. */
  readonly authorities?: string;
  readonly deadlineSeconds?: number;
}

class ClosedAddress extends Error {
  readonly code = 'ClosedAddress';
}

/**
 * POSTs JSON once. The name is resolved once and the connection goes to what was looked at there, so that no second answer of a DNS
 * server can lead elsewhere. Redirects are answers like any other; the body of the answer is not read.
 */
export async function postCallback(way: CallbackWay, { url, headers, body }: CallbackPost): Promise<CallbackAnswer> {
  const { protocol, hostname } = new URL(url);
  const plain = protocol === 'http:';
  if (plain && !way.loopback) return { kind: 'closed' };
  const literal = hostname.replace(/^\[|\]$/g, '');
  // A literal address is connected to without any lookup.
  if (!plain && isIP(literal) !== 0 && !publicFor(way)(literal)) return { kind: 'closed' };
  try {
    return { kind: 'answered', status: await send(way, { url, plain, headers, body }) };
  } catch (error) {
    if (error instanceof ClosedAddress) return { kind: 'closed' };
    return { kind: 'failed', code: codeOf(error) };
  }
}

function send(way: CallbackWay, post: CallbackPost & { readonly plain: boolean }): Promise<number> {
  const bytes = Buffer.from(post.body);
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': bytes.length, ...post.headers },
    agent: false,
    signal: AbortSignal.timeout((way.deadlineSeconds ?? 15) * 1000),
    ...(!post.plain && { lookup: guardedLookup(way) }),
    ...(way.authorities !== undefined && { ca: way.authorities }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = (post.plain ? requestPlain : request)(post.url, options, (answer) => {
      answer.on('error', () => undefined);
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

const publicFor = (way: CallbackWay) => way.isPublic ?? isPublicAddress;

/** Gives the connection only addresses that were looked at; one that is closed closes the name. */
function guardedLookup(way: CallbackWay): LookupFunction {
  const resolve: Resolve = way.resolve ?? ((name, found) => lookup(name, { all: true }, found));
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new Error('no address'), '', 0);
      if (!addresses.every(({ address }) => publicFor(way)(address))) return callback(new ClosedAddress(), '', 0);
      if (options.all) return callback(null, [...addresses]);
      callback(null, first.address, first.family);
    });
  };
}

/** Node's short code, such as ECONNREFUSED: its message may quote the address. */
function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'TimedOut';
  if (error instanceof Error && error.name === 'AbortError') return 'TimedOut';
  return error instanceof Error && 'code' in error ? String(error.code) : 'Unknown';
}
