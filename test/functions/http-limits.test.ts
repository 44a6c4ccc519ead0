import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Description } from '../../src/lib/api/description.ts';
import { ROUTES } from '../../src/lib/api/routes.ts';
import { linkTokens } from '../../src/lib/app/link-tokens.ts';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import { installationKey } from '../../src/lib/store/installation-key.ts';
import { problemOf, useApi } from './support.ts';

const START = Date.now();
const ORIGIN = 'https://console.example.com';
const api = useApi(undefined, { DSR_REQUESTS_PER_MINUTE: '10', CORS_ORIGINS: ORIGIN, DSR_LINKS: 'app' });
const closed = useApi();

/** With headers that fetch doesn't let through. */
function raw(path: string, headers: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const sent = request(`${closed.url}/api/${path}`, { headers: { 'x-functions-key': 'portal-key', ...headers } });
  sent.on('error', reject).on('response', async (answer) => {
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    resolve({ status: answer.statusCode ?? 0, text });
  });
  sent.end();
  return promise;
}

describe('Calls in a minute', () => {
  it('are counted for each caller; what is too much is told when to come again', async () => {
    const guest = { headers: { 'x-functions-key': 'guest-key' } };
    expect((await api.call('requests', guest)).status).toBe(200);
    const refused = await api.call('requests', guest);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemOf(refused)).toMatchObject({ status: 429, type: '/problems/too-many-requests' });
    expect((await api.call('requests', { headers: { 'x-functions-key': 'officer-key' } })).status).toBe(200);
  });
});

describe('Calls of a link', () => {
  it('are counted for each link, and not as calls of who had it issued', async () => {
    const key = await installationKey(api.storage.storage, 'links-key.json');
    const actor = { name: 'portal', named: true, fingerprint: 'key:1' };
    const requestId = mintRequestId();
    const follow = async (minutes: number) => {
      const until = new Date(START + minutes * 60_000).toISOString();
      const token = await linkTokens(async () => key).seal({ v: 1, requestId, file: 'manifest.json', until, actor });
      return (await fetch(`${api.url}/api/downloads/${token}`)).status;
    };
    expect([await follow(1), await follow(1), await follow(2)]).toEqual([410, 429, 410]);
    expect((await api.call('requests')).status).toBe(200);
  });
});

describe('Every answer', () => {
  it.each([
    ['requests', 200],
    ['requests/x', 404],
    ['health', 200],
    ['.well-known/jwks.json', 200],
  ])('of %s is guarded', async (path, status) => {
    const { status: answered, headers } = await closed.call(path);
    expect(answered).toBe(status);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe(path.endsWith('jwks.json') ? 'public, max-age=600' : 'no-store');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

/** All that the app registers: another test holds this table to it. */
const READ = Object.values<Description>(ROUTES).filter(({ method }) => method === 'GET');

describe('Every route that reads', () => {
  it.each(READ.map(({ path }) => path))('has the headers of all others on %s, whatever it answers', async (path) => {
    const address = path.replace('{id}', mintRequestId()).replace('{name}', 'manifest.json').replace('{token}', 'x');
    const { headers } = await closed.call(address, { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
  });
});

describe('Pages of other origins', () => {
  const preflight = (of: typeof api, origin: string) =>
    fetch(`${of.url}/api/requests/x/plan`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
    });

  it('may call when the operator has named their origin, and no others', async () => {
    const allowed = await preflight(api, ORIGIN);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const other = await preflight(api, 'https://evil.example.com');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(await problemOf(other)).toMatchObject({ status: 403, type: '/problems/no-cors' });
    const answer = await api.call('requests', { headers: { origin: ORIGIN } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('vary')).toContain('origin');
  });

  it('may not call where none is named', async () => {
    expect(await problemOf(await preflight(closed, ORIGIN))).toMatchObject({ type: '/problems/no-cors' });
    const answer = await closed.call('requests', { headers: { origin: ORIGIN } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('Local mode', () => {
  it.each([
    ['another host’s name', { host: 'dsr.example.com' }],
    ['a name that only begins like loopback', { host: '127.0.0.1.example.com' }],
    ['an address in between', { 'x-forwarded-for': '192.168.1.7' }],
  ])('serves nobody who comes over %s', async (_, headers) => {
    const { status, text } = await raw('requests', headers);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ type: '/problems/not-local' });
  });

  it('serves its own machine', async () => {
    expect((await raw('requests', { host: 'localhost:7071' })).status).toBe(200);
  });
});

describe('Bodies', () => {
  it.each([
    ['compressed', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    ['in another charset', { 'content-type': 'application/json; charset=utf-16' }],
    ['of a type that only begins like JSON', { 'content-type': 'application/json-patch+json' }],
  ])('%s are refused', async (_, headers) => {
    const answer = await closed.call('requests', { method: 'POST', body: '{}', headers });
    expect(await problemOf(answer)).toMatchObject({ status: 415, type: '/problems/not-json' });
  });
});
