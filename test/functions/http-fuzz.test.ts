import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { type RawAnswer, type RawRequest, sendRaw } from './raw.ts';
import { useApi } from './support.ts';

let issuer: Issuer;
const local = useApi();
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
const id = fc.oneof(pathText, awkward, fc.constant(mintRequestId()));
const rest = fc.constantFrom(
  '',
  '/plan',
  '/package',
  '/package/manifest.json',
  '/receipt',
  '/journal',
  '/decision',
  '/cancel',
  '/extend',
);

const told = ({ status, contentType, text }: RawAnswer) => {
  expect(status, text).toBeLessThan(500);
  // The host's own refusals have no body.
  if (status >= 400 && text !== '') {
    expect(contentType).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({ status });
  }
};

/** Sends many at a time. */
const all = async (url: string, requests: readonly RawRequest[]): Promise<RawAnswer[]> => {
  const keyed = requests.map((one) => ({ ...one, headers: { 'x-functions-key': 'portal-key', ...one.headers } }));
  return Promise.all(keyed.map((one) => sendRaw(url, one)));
};

describe('Whatever is sent, the answer is clear', () => {
  it('to ids, paths and headers', async () => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'),
      path: fc
        .tuple(
          id,
          rest,
          fc.oneof(
            fc.constant(''),
            pathText.map((text) => `?${text}`),
          ),
        )
        .map((parts) => `/api/requests/${parts.join('')}`),
      headers,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 20 }), async (requests) => {
        for (const answer of await all(local.url, requests)) told(answer);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('to bodies and what is said of them', async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    const type = fc.oneof(headerText, fc.constantFrom('application/json', 'application/json; charset=utf-8'));
    const path = fc
      .constantFrom('', '/x/decision', '/x/cancel')
      .map((end) => `/api/requests${end.replace('x', mintRequestId())}`);
    const request = fc.record({ body, path, type }).map(({ type: contentType, ...sent }) => ({
      ...sent,
      method: 'POST',
      headers: { 'content-type': contentType, 'content-length': String(sent.body.length) },
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 20 }), async (requests) => {
        for (const answer of await all(local.url, requests)) {
          told(answer);
          expect(answer.status).toBeGreaterThanOrEqual(400);
        }
      }),
      { numRuns: 30, endOnFailure: true },
    );
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
      fc.asyncProperty(fc.array(request, { minLength: 20, maxLength: 20 }), async (requests) => {
        for (const answer of await all(entra.url, requests)) {
          told(answer);
          expect(answer.status).toBe(401);
        }
      }),
      { numRuns: 30, endOnFailure: true },
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
