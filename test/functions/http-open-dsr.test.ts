import { randomUUID, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { requestIdSchema } from '../../src/lib/domain/ids.ts';
import { move } from '../../src/lib/plan/moves.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { useApi } from './support.ts';

const docs = join(import.meta.dirname, '../../docs/opendsr');
const CERTIFICATE = readFileSync(join(docs, 'certificate.pem'), 'utf8');
const DOMAIN = 'dsr.example.com';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const api = useApi(undefined, {
  OPENDSR_DOMAIN: DOMAIN,
  OPENDSR_SIGNING_KEY: readFileSync(join(docs, 'test-key.pem'), 'utf8'),
  OPENDSR_CERTIFICATE: CERTIFICATE,
  CALLBACK_HOSTS: 'portal.example.com',
  CALLBACK_SECRETS: SECRET,
});

const order = (change: object = {}) => ({
  regulation: 'gdpr',
  subject_request_id: randomUUID(),
  subject_request_type: 'erasure',
  submitted_time: '2026-03-01T12:00:00Z',
  subject_identities: [
    { identity_type: 'email', identity_value: 'ada.lovelace@example.com', identity_format: 'raw' },
    { identity_type: 'controller_customer_id', identity_value: 'customer-815', identity_format: 'raw' },
  ],
  status_callback_urls: ['https://portal.example.com/told'],
  api_version: '2.0',
  ...change,
});

/** The JSON of an answer, whose signature is that of the certificate over these very bytes. */
async function signedJson(answer: Response, word = 'OpenDSR'): Promise<unknown> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.headers.get(`x-${word}-processor-domain`)).toBe(DOMAIN);
  const signature = Buffer.from(answer.headers.get(`x-${word}-signature`) ?? '', 'base64');
  expect(verify('sha256', bytes, new X509Certificate(CERTIFICATE).publicKey, signature)).toBe(true);
  return JSON.parse(bytes.toString('utf8'));
}
const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.number(),
    message: z.string(),
    errors: z.array(z.strictObject({ domain: z.string(), reason: z.string(), message: z.string() })).min(1),
  }),
});
const faultsOf = async (answer: Response, word?: string): Promise<string[]> => {
  const { error } = errorSchema.parse(await signedJson(answer, word));
  expect(error.code).toBe(answer.status);
  return error.errors.map(({ reason }) => reason);
};

/** The native request behind one of the standard, by the list that both share. */
async function nativeOf(subjectRequestId: string) {
  const records = recordStore(api.storage.storage);
  const { requestIds } = await records.list({ limit: 200 });
  const all = await Promise.all(requestIds.map((id) => records.read(id)));
  const found = all.find((one) => one?.openDsr?.subjectRequestId === subjectRequestId);
  if (!found) throw new Error('no native request');
  return { record: found, records };
}

/** Everything that is stored. */
async function* blobTexts(): AsyncIterable<string> {
  const { container } = api.storage.storage;
  for await (const { name } of container.listBlobsFlat()) {
    yield (await container.getBlobClient(name).downloadToBuffer()).toString('utf8');
  }
}

describe('Discovery', () => {
  it('says what is supported, and where the certificate is, which anybody may read', async () => {
    const said = await signedJson(await api.call('opendsr/v2/discovery'));
    expect(said).toMatchObject({
      api_version: '2.0',
      supported_subject_request_types: ['access', 'portability', 'erasure'],
      processor_certificate: `https://${DOMAIN}/api/opendsr/certificate.pem`,
    });
    const certificate = await fetch(`${api.url}/api/opendsr/certificate.pem`);
    expect(await certificate.text()).toBe(CERTIFICATE);
    expect(certificate.headers.get('x-content-type-options')).toBe('nosniff');
    expect(certificate.headers.get('cache-control')).toBe('public, max-age=600');
  });
});

describe('A request of the standard', () => {
  it('is received, becomes a native one, and its body is given back and kept nowhere', async () => {
    const body = order();
    const answer = await api.post('opendsr/v2/requests', body);
    expect(answer.status).toBe(201);
    const encoded = Buffer.from(JSON.stringify(body)).toString('base64');
    expect(await signedJson(answer)).toMatchObject({
      controller_id: 'portal',
      subject_request_id: body.subject_request_id,
      encoded_request: encoded,
    });
    const { record } = await nativeOf(body.subject_request_id);
    expect(record.submission).toMatchObject({
      action: 'delete',
      scope: 'subject',
      subject: { reference: 'customer-815' },
    });
    for await (const text of blobTexts()) expect(text).not.toContain(encoded.slice(0, 200));
    expect(api.log.join('\n')).not.toMatch(/ada\.lovelace|customer-815|eyJ/);
  });

  it('sent again is the same request; with another body its id is taken', async () => {
    const body = order();
    const first = await signedJson(await api.post('opendsr/v2/requests', body));
    const again = await signedJson(await api.post('opendsr/v2/requests', body));
    expect(again).toEqual(first);
    const other = await api.post('opendsr/v2/requests', { ...body, subject_request_type: 'access' });
    expect(other.status).toBe(400);
    expect(await faultsOf(other)).toEqual(['subject_request_id']);
  });

  it('is known to its own controller only', async () => {
    const body = order();
    await api.post('opendsr/v2/requests', body);
    const path = `opendsr/v2/requests/${body.subject_request_id}`;
    expect(await signedJson(await api.call(path))).toMatchObject({ request_status: 'pending', api_version: '2.0' });
    const foreign = await api.call(path, { headers: { 'x-functions-key': 'officer-key' } });
    expect(foreign.status).toBe(404);
    expect(await faultsOf(foreign)).toEqual(['subject_request_id']);
  });

  it('leads to its results once it is completed', async () => {
    const body = order({ subject_request_type: 'access' });
    await api.post('opendsr/v2/requests', body);
    const { record, records } = await nativeOf(body.subject_request_id);
    const at = new Date();
    for (const event of ['begin', 'proceed', 'finish', 'complete'] as const) {
      await records.change(record.requestId, (one) => move(one, event, { at, actor: 'system', reason: 'as it goes' }));
    }
    const said = await signedJson(await api.call(`opendsr/v2/requests/${body.subject_request_id}`));
    const results_url = `https://${DOMAIN}/api/requests/${record.requestId}/package`;
    expect(said).toMatchObject({ request_status: 'completed', results_url });
  });
});

describe('Withdrawing', () => {
  it('ends a pending request, and may be repeated', async () => {
    const body = order();
    await api.post('opendsr/v2/requests', body);
    const path = `opendsr/v2/requests/${body.subject_request_id}`;
    for (const time of ['first', 'second']) {
      const answer = await api.call(path, { method: 'DELETE' });
      expect([time, answer.status]).toEqual([time, 202]);
      expect(await signedJson(answer)).toMatchObject({ subject_request_id: body.subject_request_id });
    }
    expect(await signedJson(await api.call(path))).toMatchObject({ request_status: 'cancelled' });
  });

  it('is refused with a body that is none, or too large, and takes one that is in bounds', async () => {
    const body = order();
    await api.post('opendsr/v2/requests', body);
    const headers = { 'content-type': 'application/json' };
    const withdraw = (sent: RequestInit) =>
      api.call(`opendsr/v2/requests/${body.subject_request_id}`, { method: 'DELETE', ...sent });
    const large = await withdraw({ body: JSON.stringify({ more: 'x'.repeat(70_000) }), headers });
    expect([large.status, await faultsOf(large)]).toEqual([413, ['body']]);
    const text = await withdraw({ body: 'now', headers: { 'content-type': 'text/plain' } });
    expect([text.status, await faultsOf(text)]).toEqual([400, ['body']]);
    expect((await withdraw({ body: '{}', headers })).status).toBe(202);
  });

  it('is refused once the request is in progress, and for one that is unknown', async () => {
    const body = order();
    await api.post('opendsr/v2/requests', body);
    const { record, records } = await nativeOf(body.subject_request_id);
    const at = new Date();
    for (const event of ['begin', 'proceed'] as const) {
      await records.change(record.requestId, (one) => move(one, event, { at, actor: 'system', reason: 'as it goes' }));
    }
    const path = `opendsr/v2/requests/${body.subject_request_id}`;
    expect(await faultsOf(await api.call(path, { method: 'DELETE' }))).toEqual(['request_status']);
    const unknown = await api.call(`opendsr/v2/requests/${randomUUID()}`, { method: 'DELETE' });
    expect(unknown.status).toBe(404);
  });
});

describe('What can not be taken', () => {
  it.each([
    ['a body that is no JSON', '{', 'body'],
    ['an id that is no UUID', JSON.stringify(order({ subject_request_id: 'x' })), 'subject_request_id'],
    ['no regulation', JSON.stringify(order({ regulation: undefined })), 'regulation'],
    ['no identity', JSON.stringify(order({ subject_identities: [] })), 'subject_identities'],
    [
      'a callback to a host that is not allowed',
      JSON.stringify(order({ status_callback_urls: ['https://elsewhere.example.com'] })),
      'status_callback_urls.0',
    ],
    [
      'a target that is not registered',
      JSON.stringify(order({ extensions: { [DOMAIN]: { targets: ['nowhere'] } } })),
      'extensions.targets.0',
    ],
  ])('%s is refused in the shape of the standard, signed', async (_, body, reason) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('opendsr/v2/requests', { method: 'POST', body, headers });
    expect(answer.status).toBe(400);
    expect(await faultsOf(answer)).toEqual([reason]);
  });

  it('is never a fault of ours, whatever is sent', async () => {
    const fields = fc.constantFrom(...Object.keys(order()));
    const change = fc.dictionary(fields, fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        const answer = await api.post('opendsr/v2/requests', { ...order(), ...changed });
        expect([201, 400]).toContain(answer.status);
        await signedJson(answer);
      }),
      { numRuns: 40 },
    );
  });
});

describe('Version 1.0, OpenGDPR', () => {
  it('is spoken under its own names', async () => {
    expect(await signedJson(await api.call('opendsr/v1/discovery'), 'OpenGDPR')).toMatchObject({ api_version: '1.0' });
    const body = order({ regulation: undefined, api_version: '1.0' });
    const answer = await api.post('opendsr/v1/opengdpr_requests', body);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-opendsr-signature')).toBeNull();
    await signedJson(answer, 'OpenGDPR');
    const path = `opendsr/v1/opengdpr_requests/${body.subject_request_id}`;
    expect(await signedJson(await api.call(path), 'OpenGDPR')).toMatchObject({ api_version: '1.0' });
    const { record } = await nativeOf(body.subject_request_id);
    expect(requestIdSchema.parse(record.requestId)).not.toBe(body.subject_request_id);
  });
});
