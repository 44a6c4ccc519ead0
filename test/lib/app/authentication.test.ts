import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOfKey, callersSchema } from '../../../src/lib/app/actor.ts';
import { type Authenticate, authenticator, isLocal } from '../../../src/lib/app/authenticate.ts';
import { authenticationFrom } from '../../../src/lib/app/authentication-settings.ts';
import { httpSettingsFrom } from '../../../src/lib/app/http-settings.ts';
import { rateLimit } from '../../../src/lib/app/rate-limit.ts';
import { AUDIENCE, type Issuer, startIssuer, TENANT } from '../../functions/issuer.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ENTRA = { ENTRA_TENANT_ID: TENANT, ENTRA_AUDIENCE: AUDIENCE };

describe('How callers show who they are', () => {
  it('is by tokens where a tenant is named, else by keys, unless it is said', () => {
    expect(authenticationFrom(ENTRA).mode).toBe('entra');
    expect(authenticationFrom({}).mode).toBe('local');
    expect(authenticationFrom({ ...ENTRA, AUTH_MODE: 'local' }).mode).toBe('local');
    expect(authenticationFrom({ ...ENTRA, AUTH_MODE: '', WEBSITE_SITE_NAME: 'dsr' }).mode).toBe('entra');
  });

  it.each([
    ['local mode on Azure', { AUTH_MODE: 'local', WEBSITE_SITE_NAME: 'dsr' }, /this is Azure/],
    ['nothing at all on Azure', { WEBSITE_INSTANCE_ID: '1' }, /Set ENTRA_TENANT_ID/],
    ['a mode that there is not', { AUTH_MODE: 'none' }, /entra or local/],
    ['tokens without a tenant', { AUTH_MODE: 'entra', ENTRA_AUDIENCE: AUDIENCE }, /id of one tenant/],
    ['tokens for nobody', { ENTRA_TENANT_ID: TENANT }, /ENTRA_AUDIENCE/],
    ['a role that there is not', { CALLERS: JSON.stringify({ a: { key: sha256('k'), roles: ['Dsr.All'] } }) }, /./],
  ])('is refused: %s', (_, environment, fault) => {
    expect(() => authenticationFrom(environment)).toThrow(fault);
  });
});

describe('The roles of a key', () => {
  const callers = callersSchema.parse({
    all: sha256('a'),
    portal: { key: sha256('p'), roles: ['Dsr.Submit'] },
    none: { key: sha256('n'), roles: [] },
  });
  it.each([
    ['a', ['Dsr.Submit', 'Dsr.Approve', 'Dsr.Read', 'Dsr.Operate']],
    ['p', ['Dsr.Submit']],
    ['n', []],
    ['unknown', ['Dsr.Submit']],
  ])('of "%s" are %j', (key, roles) => {
    expect([...callerOfKey(callers, key).roles]).toEqual(roles);
  });
});

describe('A local request', () => {
  const seen = (headers: Record<string, string>) =>
    isLocal({ url: 'http://127.0.0.1:1/api', headers: new Headers(headers), query: new URLSearchParams() });

  it.each([
    { host: 'localhost:7071' },
    { host: '127.0.0.1' },
    { host: '[::1]:80' },
    { 'x-forwarded-for': '127.0.0.1, ::1, [::1]:5, 127.0.0.1:99, ::ffff:127.0.0.1' },
  ])('is one to %j', (headers) => expect(seen(headers)).toBe(true));
  it.each([
    { host: 'localhost.example.com' },
    { host: '127.0.0.1.nip.io' },
    { host: 'localhost', 'x-forwarded-host': 'dsr.example.com' },
    { host: '0.0.0.0' },
    { host: 'a b' },
    { 'x-forwarded-for': '127.0.0.1, 10.0.0.7' },
    { 'x-forwarded-for': 'unknown' },
  ])('is none to %j', (headers) => expect(seen(headers)).toBe(false));
});

describe('Whatever a caller presents', () => {
  let issuer: Issuer;
  let authenticate: Authenticate;
  beforeAll(async () => {
    issuer = await startIssuer();
    authenticate = authenticator(authenticationFrom(issuer.settings));
  });
  afterAll(() => issuer.stop());

  it('is no caller but with a token of the tenant', async () => {
    const good = await issuer.token();
    const show = (authorization: string) =>
      authenticate({ url: 'http://x/', headers: new Headers({ authorization }), query: new URLSearchParams() });
    expect((await show(`bearer  ${good}`)).kind).toBe('caller');
    const part = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    const text = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      maxLength: 60,
    });
    const [head = '', body = '', signature = ''] = good.split('.');
    const token = fc.oneof(
      text,
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
      part.map((other) => `${other}.${body}.${signature}`),
      part.map((other) => `${head}.${other}.${signature}`),
      part.map((other) => `${head}.${body}.${other}`),
    );
    const property = fc.asyncProperty(
      fc.constantFrom('Bearer ', 'bearer ', 'Basic ', ''),
      token,
      async (scheme, sent) => {
        expect((await show(scheme + sent)).kind).toBe('bad-token');
      },
    );
    await fc.assert(property, { numRuns: 5000 });
  });
});

describe('Calls of one caller', () => {
  const START = Date.UTC(2026, 0, 1);

  it('are never more in a minute than are allowed and a tenth, and each refusal names the second that is open', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 300 }),
        (perMinute, pauses) => {
          let now = START;
          const limit = rateLimit(perMinute, { now: () => new Date(now) });
          const granted: number[] = [];
          for (const pause of pauses) {
            now += pause;
            const wait = limit('portal');
            if (wait === undefined) granted.push(now);
            else expect(wait).toBeGreaterThanOrEqual(1);
          }
          for (const from of granted) {
            const within = granted.filter((at) => at >= from && at < from + 60_000);
            expect(within.length).toBeLessThanOrEqual(perMinute + Math.ceil(perMinute / 10));
          }
        },
      ),
    );
  });

  it('go on after the wait that was named, and do not cost others anything', () => {
    let now = START;
    const limit = rateLimit(10, { now: () => new Date(now) });
    expect(limit('one')).toBeUndefined();
    const wait = limit('one');
    expect(wait).toBe(6);
    expect(limit('two')).toBeUndefined();
    now += 6000;
    expect(limit('one')).toBeUndefined();
  });
});

describe('What the HTTP API allows', () => {
  it('is a number of calls, and the origins that are named', () => {
    expect(httpSettingsFrom({})).toEqual({ requestsPerMinute: 1200, corsOrigins: [] });
    const settings = { DSR_REQUESTS_PER_MINUTE: '5', CORS_ORIGINS: 'https://a.example.com, http://localhost:8080' };
    expect(httpSettingsFrom(settings)).toEqual({
      requestsPerMinute: 5,
      corsOrigins: ['https://a.example.com', 'http://localhost:8080'],
    });
  });
  it.each(['*', 'a.example.com', 'https://a.example.com/', 'https://a.example.com/x', 'null'])(
    'takes no origin like %s',
    (text) => {
      expect(() => httpSettingsFrom({ CORS_ORIGINS: text })).toThrow();
    },
  );
});
