import { randomUUID, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Received, type Receiver, startReceiver } from '../lib/upstream/support/receiver.ts';
import { expectQueuesEmpty } from './support/account.ts';
import { SUBJECT } from './support/portal.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';
import { until } from './support/until.ts';

vi.setConfig({ testTimeout: 170_000 });

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const docs = join(import.meta.dirname, '../../docs/opendsr');
const certificate = readFileSync(join(docs, 'certificate.pem'), 'utf8');
const toldSchema = z.object({ data: z.object({ requestId: z.string(), state: z.string(), seq: z.number() }) });

const statusSchema = z.object({ request_status: z.string(), results_url: z.url().optional() });

const listSchema = z.looseObject({ requests: z.array(z.looseObject({ requestId: z.string() })) });

let stage: Stage;
let receiver: Receiver;
/** Where nobody listens any more. */
let dead: string;
beforeAll(async () => {
  await using closed = await startReceiver();
  dead = closed.url;
  // The first attempt of everything fails, and one receiver wants nothing at all.
  const seen = new Set<unknown>();
  receiver = await startReceiver({
    answer(_, { path, headers }) {
      if (path === '/gone') return { status: 410 };
      const id = headers['webhook-id'] ?? headers['x-opendsr-signature'];
      const known = seen.has(id);
      seen.add(id);
      return { status: known ? 204 : 503 };
    },
  });
  stage = await startStage({
    targets: [{ name: 'empty', projects: 0 }, { name: 'full' }],
    settings: {
      CALLBACK_HOSTS: `127.0.0.1:${receiver.port},${new URL(dead).host}`,
      CALLBACK_SECRETS: SECRET,
      OPENDSR_DOMAIN: 'dsr.example.com',
      OPENDSR_SIGNING_KEY: readFileSync(join(docs, 'test-key.pem'), 'utf8'),
      OPENDSR_CERTIFICATE: certificate,
    },
  });
});
afterAll(async () => {
  await stage?.stop();
  await receiver?.stop();
});

/** The calls to a path, once there are that many. */
function callsOf(path: string, many: number) {
  const calls = receiver.received.filter((received) => received.path === path);
  return calls.length >= many && calls;
}

/** The status in a callback of the standard, whose signature must hold. */
function statusIn({ headers, body }: Received): string {
  const { publicKey } = new X509Certificate(certificate);
  const signature = Buffer.from(z.string().parse(headers['x-opendsr-signature']), 'base64');
  expect(verify('sha256', Buffer.from(body), publicKey, signature)).toBe(true);
  return statusSchema.parse(JSON.parse(body)).request_status;
}

const orderOf = (subject_request_id: string, of: object) => ({
  regulation: 'gdpr',
  subject_request_id,
  submitted_time: '2026-03-01T12:00:00Z',
  subject_identities: [{ identity_type: 'email', identity_value: SUBJECT.email, identity_format: 'raw' }],
  ...of,
});

describe('A portal that listens', () => {
  test('hears of every state of its request, signed, although each first attempt fails', async () => {
    const order = { action: 'export' as const, targets: ['empty'], callbackUrls: [`${receiver.url}/told`] };
    const id = await stage.portal.begin(order);
    expect((await stage.portal.ended(id)).state).toBe('completed');
    const told = await until('eight calls', async () => callsOf('/told', 8));
    const said = told.map(({ headers, body }) => {
      const verified = new Webhook(SECRET).verify(body, z.record(z.string(), z.string()).parse(headers));
      return toldSchema.parse(verified).data;
    });
    expect(new Set(said.map(({ requestId }) => requestId))).toEqual(new Set([id]));
    const states = new Map(said.map(({ seq, state }) => [seq, state]));
    const inOrder = [...states].sort(([a], [b]) => a - b).map(([, state]) => state);
    expect(inOrder).toEqual(['planning', 'running', 'sealing', 'completed']);
    await expectQueuesEmpty(stage);
    const journal = (await stage.portal.bytes(`/requests/${id}/journal`)).toString('utf8');
    expect(journal.match(/"event":"callback-delivered"/g)).toHaveLength(4);
  });

  test('is refused a URL on a host that the operator does not allow', async () => {
    const order = { action: 'export' as const, targets: ['empty'], callbackUrls: ['https://elsewhere.example.com/'] };
    const reply = await stage.portal.submit(order);
    expect(reply).toMatchObject({ status: 400, json: { errors: [{ field: 'callbackUrls.0' }] } });
  });
});

describe('Privacy software that speaks OpenDSR', () => {
  test('follows an access request to its results by signed callbacks', async () => {
    const subject_request_id = randomUUID();
    const order = orderOf(subject_request_id, {
      subject_request_type: 'access',
      status_callback_urls: [`${receiver.url}/opendsr`],
    });
    expect(await stage.portal.call('POST', '/opendsr/v2/requests', { body: order })).toMatchObject({ status: 201 });
    const told = await until('four calls', async () => callsOf('/opendsr', 4));
    const statuses = told.map(statusIn);
    expect([...statuses].sort()).toEqual(['completed', 'completed', 'in_progress', 'in_progress']);
    const reply = await stage.portal.call('GET', `/opendsr/v2/requests/${subject_request_id}`);
    const { request_status, results_url } = statusSchema.parse(reply.json);
    expect(request_status).toBe('completed');
    const listed = await stage.portal.call('GET', new URL(z.string().parse(results_url)).pathname.replace('/api', ''));
    expect(listed.status).toBe(200);
  });

  test('withdraws an erasure that waits: its status and the callback say so, nothing is touched, and it stays withdrawn', async () => {
    const { portal } = stage;
    const path = '/opendsr/v2/requests';
    const id = randomUUID();
    const body = orderOf(id, {
      subject_request_type: 'erasure',
      status_callback_urls: [`${receiver.url}/withdrawn`],
      extensions: { 'dsr.example.com': { targets: ['full'], families: ['cv-tags'], scope: 'target' } },
    });
    expect(await portal.call('POST', path, { body })).toMatchObject({ status: 201 });
    expect((await portal.call('GET', `${path}/${id}`)).json).toMatchObject({ request_status: 'pending' });
    const idsIn = async (state: string): Promise<readonly string[]> => {
      const listed = await portal.call('GET', `/requests?action=delete&state=${state}`);
      return listSchema.parse(listed.json).requests.map(({ requestId }) => requestId);
    };
    const [native] = await until('its plan waits', async () => {
      const ids = await idsIn('awaiting-decision');
      return ids.length > 0 && ids;
    });
    const withdrawn = async () => (await portal.call('DELETE', `${path}/${id}`)).status;
    expect([await withdrawn(), await withdrawn()]).toEqual([202, 202]);
    const status = async () => statusSchema.parse((await portal.call('GET', `${path}/${id}`)).json).request_status;
    expect(await status()).toBe('cancelled');
    const told = await until('two calls', async () => callsOf('/withdrawn', 2));
    expect(new Set(told.map(statusIn))).toEqual(new Set(['cancelled']));
    expect(changesAt(stage.simulator, hostOf('full'))).toEqual([]);
    expect(await idsIn('cancelled')).toEqual([native]);
    expect(native).not.toBe(id);
    expect(await portal.call('DELETE', `${path}/${randomUUID()}`)).toMatchObject({ status: 404 });
  });
});

// The last one: what is to be told where nobody listens stays in its queue for a day.
describe('A callback that is dead, or not wanted', () => {
  test('holds up neither its request nor the callbacks beside it, and the journal tells what was given up', async () => {
    const callbackUrls = [`${dead}/dead?t=secret`, `${receiver.url}/gone`, `${receiver.url}/beside`];
    const id = await stage.portal.begin({ action: 'export', targets: ['empty'], callbackUrls });
    expect((await stage.portal.ended(id)).state).toBe('completed');
    await until('all is told beside', async () => callsOf('/beside', 8));
    const journal = await until('four calls are given up', async () => {
      const text = (await stage.portal.bytes(`/requests/${id}/journal`)).toString('utf8');
      return text.match(/"event":"callback-given-up"/g)?.length === 4 && text;
    });
    expect(callsOf('/gone', 0)).toHaveLength(4);
    expect(journal).toContain('answered 410');
    expect(journal).not.toMatch(/secret|127\.0\.0\.1/);
  });
});
