import { systemClock } from '../domain/clock.ts';
import { isLoopback } from '../domain/machine.ts';
import { type Callers, callerOfKey, presentedKey } from './actor.ts';
import type { AuthenticationSettings } from './authentication-settings.ts';
import { type TokenFault, type TokenVerifier, tenantKeys, tokenVerifier } from './bearer.ts';
import type { Caller } from './caller.ts';

/** What is looked at of a request. */
export interface Presented {
  readonly url: string;
  readonly headers: Headers;
  readonly query: URLSearchParams;
}

export type Authenticated =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'no-token' }
  | { readonly kind: 'bad-token'; readonly fault: TokenFault }
  | { readonly kind: 'no-keys' }
  | { readonly kind: 'not-local' };
export type Authenticate = (request: Presented) => Promise<Authenticated>;

/** One `Bearer` and a token in the alphabet of RFC 6750, section 2.1; the scheme's case doesn't matter (RFC 9110, section 11.1). */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const LONGEST_TOKEN = 16 * 1024;

/** Finds out who calls. In entra mode function keys stay what the host makes of them, a second lock. */
export function authenticator(settings: AuthenticationSettings): Authenticate {
  if (settings.mode === 'local') return async (request) => localCaller(settings.callers, request);
  const verify = tokenVerifier(settings.entra, tenantKeys(settings.entra), systemClock);
  return (request) => tokenCaller(verify, request);
}

async function tokenCaller(verify: TokenVerifier, { headers }: Presented): Promise<Authenticated> {
  const header = headers.get('authorization');
  if (header === null) return { kind: 'no-token' };
  const token = header.length <= LONGEST_TOKEN ? BEARER.exec(header)?.[1] : undefined;
  if (token === undefined) return { kind: 'bad-token', fault: 'malformed' };
  const verified = await verify(token);
  return verified.kind === 'refused' ? { kind: 'bad-token', fault: verified.fault } : verified;
}

function localCaller(callers: Callers, request: Presented): Authenticated {
  if (!isLocal(request)) return { kind: 'not-local' };
  return { kind: 'caller', caller: callerOfKey(callers, presentedKey(request)) };
}

/**
 * Whether the request was meant for this machine, and came over nothing else as far as its headers tell. This keeps away other machines and,
 * since a page can't choose the host that its browser names, pages that point a name of theirs here.
 */
export function isLocal({ url, headers }: Presented): boolean {
  const asked = [new URL(url).host, headers.get('host'), headers.get('x-forwarded-host')];
  const from = (headers.get('x-forwarded-for') ?? '').split(',').flatMap((text) => text.trim() || []);
  return asked.every((host) => host === null || isLoopbackHost(host)) && from.every(isLoopbackAddress);
}

function isLoopbackHost(host: string): boolean {
  const url = `http://${host}`;
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

/** With or without a port, as proxies write addresses. */
const isLoopbackAddress = (address: string): boolean =>
  /^(?:127\.\d+\.\d+\.\d+(?::\d+)?|::1|\[::1\](?::\d+)?|(?:\[)?::ffff:127\.\d+\.\d+\.\d+(?:\](?::\d+)?)?)$/i.test(
    address,
  );
