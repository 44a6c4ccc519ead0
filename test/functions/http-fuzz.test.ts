import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import { isEnded, STATES, type State } from '../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import { newRecord } from '../lib/store/support/records.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { type RawAnswer, type RawRequest, sendRaw } from './raw.ts';
import { registeredFunctions } from './registered.ts';
import { LATER, useApi } from './support.ts';

const MANY = { minLength: 20, maxLength: 20 };
const TAKES_BODY = /^(?:POST|DELETE) /;
const docs = new URL('../../docs/opendsr/', import.meta.url);
let issuer: Issuer;
const local = useApi(undefined, {
  DSR_LINKS: 'app',
  OPENDSR_DOMAIN: 'dsr.example.com',
  OPENDSR_SIGNING_KEY: readFileSync(new URL('test-key.pem', docs), 'utf8'),
  OPENDSR_CERTIFICATE: readFileSync(new URL('certificate.pem', docs), 'utf8'),
});
const entra = useApi(undefined, async () => {
  issuer = await startIssuer();
  return { ...issuer.settings };
});
afterAll(() => issuer.stop());

/** What may stand in a header: HTTP libraries send nothing else. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 200,
});
/** What may stand in a request line. */
const pathText = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 80,
});
const awkward = fc.constantFrom(
  '%',
  '%00',
  '%E0%A4%A',
  '%2e%2e',
  '%2F',
  '..',
  '.',
  '%252F',
  'requests',
  '%F0%9F%98%80',
  '?',
  '#',
  ';',
  "'",
);
const headerName = fc.constantFrom(
  'accept',
  'content-type',
  'idempotency-key',
  'if-none-match',
  'if-range',
  'range',
  'x-forwarded-host',
  'x-forwarded-for',
  'x-forwarded-proto',
  'origin',
  'content-encoding',
  'authorization',
  'cookie',
  'x-http-method-override',
);
const headers = fc.dictionary(
  headerName,
  fc.oneof(headerText, fc.constantFrom('*', 'bytes=0-', 'bytes=9-1', '"', 'gzip', 'application/json')),
  { maxKeys: 4 },
);
/** Ids of requests that there are, the caller's own, one in each state. */
let existing: readonly string[] = [];
beforeAll(async () => {
  existing = await Promise.all(STATES.map(async (state) => (await local.stored(standing(state))).requestId));
});

/** As the engine leaves a request in that state, as far as its record goes. */
const standing = (state: State): Partial<RequestRecord> => ({
  state,
  submission: { ...newRecord().submission, action: state === 'running' ? 'export' : 'delete' },
  run: { n: state === 'received' ? 0 : 1, ended: isEnded(state) || state === 'awaiting-decision' },
  due: { regulation: 'gdpr', by: LATER },
  touchedUpstream: ['running', 'sealing', 'partially-completed'].includes(state),
  ...(state === 'awaiting-decision' && { plan: { revision: 1, hash: 'a'.repeat(64) }, decisionDeadline: LATER }),
  ...(isEnded(state) && { endedAt: new Date().toISOString() }),
});

const known = fc.nat(1000).map((at) => existing[at % existing.length] ?? '');
const id = fc.oneof(pathText, awkward, fc.constant(mintRequestId()), { weight: 3, arbitrary: known });
const query = fc.oneof(
  fc.constant(''),
  pathText.map((text) => `?${text}`),
);

const httpSchema = z.looseObject({ type: z.literal('httpTrigger'), methods: z.array(z.string()), route: z.string() });
/** Orders that are nearly right, or right by chance. */
const orders = fc.dictionary(
  fc.constantFrom(
    'reason',
    'decision',
    'planHash',
    'include',
    'only',
    'minutes',
    'reviewBy',
    'allowExports',
    'request',
  ),
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom('approve', 'reject', 'a'.repeat(64), 'a reason', LATER, ['cv-projects/x']),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  ),
  { maxKeys: 4 },
);

/** Every address of the app, one for each method; what isn't registered is asked for too. */
let addresses: readonly { readonly method: string; readonly route: string }[] = [];
beforeAll(async () => {
  const bindings = (await registeredFunctions()).flatMap((one) => Object.values(one.bindings));
  addresses = bindings.flatMap((binding) => {
    const http = httpSchema.safeParse(binding);
    return http.success ? http.data.methods.map((method) => ({ method, route: http.data.route })) : [];
  });
  expect(addresses.length).toBeGreaterThan(25);
});

/** An address with something else in each of its places. */
const place = fc.tuple(fc.nat(), id, id, query).map(([at, first, second, asked]) => {
  const { method, route } = addresses[at % addresses.length] ?? { method: 'GET', route: '' };
  const places = [first, second];
  return { method, path: `/api/${route.replaceAll(/\{[^}]+\}/g, () => places.shift() ?? '')}${asked}` };
});

let sent = 0;
afterAll(() => expect(sent).toBeGreaterThanOrEqual(4000));

/** A refusal is a problem; where OpenDSR is spoken, it may be in the standard's shape. */
const told = ({ status, contentType, text }: RawAnswer, { path }: RawRequest) => {
  expect(status, text).toBeLessThan(500);
  // The host's own refusals have no body.
  if (status < 400 || text === '') return;
  const isStandards = path.startsWith('/api/opendsr/') && contentType === 'application/json';
  if (!isStandards) expect(contentType).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject(isStandards ? { error: { code: status } } : { status });
};

const NOWHERE: RawRequest = { path: '' };

/** Sends many at a time. */
const all = async (url: string, requests: readonly RawRequest[]): Promise<RawAnswer[]> => {
  sent += requests.length;
  const keyed = requests.map((one) => ({ ...one, headers: { 'x-functions-key': 'portal-key', ...one.headers } }));
  return Promise.all(keyed.map((one) => sendRaw(url, one)));
};

describe('Whatever is sent, the answer is clear', () => {
  it('to ids, paths, methods and headers, at every address', async () => {
    const request = fc.record({
      at: place,
      method: fc.constantFrom(undefined, undefined, 'GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'),
      headers,
    });
    const requests = fc.array(
      request.map(({ at, method = at.method, headers: given }) => ({ method, path: at.path, headers: given })),
      MANY,
    );
    await fc.assert(
      fc.asyncProperty(requests, async (some) => {
        for (const [at, answer] of (await all(local.url, some)).entries()) told(answer, some[at] ?? NOWHERE);
      }),
      { numRuns: 70, endOnFailure: true },
    );
  });

  it('to bodies and what is said of them, at every address that takes one, of requests that there are in every state', async () => {
    const reached = new Set<number>();
    const body = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.json().map((text) => Buffer.from(text)),
      orders.map((order) => Buffer.from(JSON.stringify(order))),
    );
    const type = fc.oneof(
      { weight: 1, arbitrary: headerText },
      { weight: 3, arbitrary: fc.constantFrom('application/json', 'application/json; charset=utf-8') },
    );
    const name = fc.option(known, { nil: undefined });
    const request = fc
      .record({ body, at: fc.nat(), type, name })
      .map(({ type: contentType, at, body: bytes, name: own }) => {
        const taking = addresses.filter(({ method, route }) => TAKES_BODY.test(`${method} ${route}`));
        const { method, route } = taking[at % taking.length] ?? { method: 'POST', route: 'requests' };
        const path = `/api/${route.replaceAll(/\{[^}]+\}/g, () => own ?? mintRequestId())}`;
        return {
          method,
          path,
          body: bytes,
          headers: { 'content-type': contentType, 'content-length': String(bytes.length) },
        };
      });
    await fc.assert(
      fc.asyncProperty(fc.array(request, MANY), async (requests) => {
        for (const [at, answer] of (await all(local.url, requests)).entries()) {
          const request = requests[at] ?? NOWHERE;
          told(answer, request);
          // Of a request that there is an order may be taken, by chance; and then more than once.
          const mayBeTaken = existing.some((one) => request.path.includes(one));
          if (!mayBeTaken) expect(answer.status).toBeGreaterThanOrEqual(400);
          if (answer.status < 400) expect([200, 201, 202]).toContain(answer.status);
          else reached.add(answer.status);
        }
      }),
      { numRuns: 70, endOnFailure: true },
    );
    // Malformed, unknown, at the wrong time, not JSON: all of these were met.
    expect([...reached]).toEqual(expect.arrayContaining([400, 404, 409, 415]));
  });

  it('to tokens: none that the tenant did not sign opens anything', async () => {
    const good = await issuer.token({ roles: ['Dsr.Read'] });
    const authorization = fc.oneof(
      headerText,
      headerText.map((text) => `Bearer ${text}`),
      broken(good).map((text) => `Bearer ${text}`),
    );
    const request = authorization.map((text) => ({ path: '/api/requests', headers: { authorization: text } }));
    await fc.assert(
      fc.asyncProperty(fc.array(request, MANY), async (requests) => {
        for (const [at, answer] of (await all(entra.url, requests)).entries()) {
          told(answer, requests[at] ?? NOWHERE);
          expect(answer.status).toBe(401);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

/** The good token with another header, or one character another. */
function broken(good: string): fc.Arbitrary<string> {
  const [head = '', ...others] = good.split('.');
  const members = {
    alg: fc.constantFrom('none', 'HS256', 'RS512', 'ES256', 'PS256', '', null, 7),
    kid: fc.oneof(fc.string(), fc.constant(JSON.parse(Buffer.from(head, 'base64url').toString()).kid)),
    crit: fc.constantFrom(['exp'], ['b64'], []),
    jku: fc.constant('http://127.0.0.1:1/keys'),
    b64: fc.boolean(),
  };
  const otherHead = fc
    .record(members, { requiredKeys: ['alg'] })
    .map((header) => [Buffer.from(JSON.stringify(header)).toString('base64url'), ...others].join('.'));
  const signatureAt = good.lastIndexOf('.') + 1;
  const flipped = fc
    // The last character has bits that don't count: another one may mean the same signature.
    .tuple(fc.nat(good.length - 2), fc.constantFrom('A', 'B', '_', '0'))
    .filter(([at, character]) => good[at] !== character && good[at] !== '.' && at !== signatureAt - 1)
    .map(([at, character]) => good.slice(0, at) + character + good.slice(at + 1));
  return fc.oneof(otherHead, flipped);
}
