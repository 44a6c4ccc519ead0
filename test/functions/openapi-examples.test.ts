import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Description } from '../../src/lib/api/description.ts';
import { HOLD_ID, PLAN_HASH } from '../../src/lib/api/examples.ts';
import { type Operation, ROUTES } from '../../src/lib/api/routes.ts';
import { mintTaskId, requestIdSchema } from '../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../src/lib/domain/ledger.ts';
import { type Plan, planHash } from '../../src/lib/domain/plan.ts';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import { move } from '../../src/lib/plan/moves.ts';
import { documentStore } from '../../src/lib/store/documents.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { makeKeys, sealedFiles } from '../cli/support/files.ts';
import { writeInventory } from '../lib/steps/support/inventory.ts';
import { writeSlice, writeTasks } from '../lib/steps/support/package-world.ts';
import { receiptDependencies } from '../lib/steps/support/receipt-world.ts';
import { newRecord } from '../lib/store/support/records.ts';
import { deviations } from './described.ts';
import { LATER, useApi } from './support.ts';

const openDsr = new URL('../../docs/opendsr/', import.meta.url);
const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const api = useApi(undefined, {
  TEST_APP: 'sweeps',
  DSR_LINKS: 'app',
  RECEIPT_SIGNING_KEY: signingKey,
  CALLBACK_HOSTS: 'portal.example.com',
  CALLBACK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  OPENDSR_DOMAIN: 'dsr.example.com',
  OPENDSR_SIGNING_KEY: readFileSync(new URL('test-key.pem', openDsr), 'utf8'),
  OPENDSR_CERTIFICATE: readFileSync(new URL('certificate.pem', openDsr), 'utf8'),
});
const records = () => recordStore(api.storage.storage);

type Parts = Readonly<Record<string, string>>;

const running = async (): Promise<Parts> => ({
  id: (await api.stored({ state: 'running', run: { n: 1, ended: false }, due: { regulation: 'gdpr', by: LATER } }))
    .requestId,
});

/** A delete whose plan waits for a decision; `hash` is the plan's. */
const waiting = async (hash?: string): Promise<Parts> => ({ id: (await waitingOn([], hash)).requestId });

async function waitingOn(tasks: Plan['tasks'], hash?: string): Promise<RequestRecord> {
  const body = { v: 1 as const, revision: 1, action: 'delete' as const, dryRun: false, tasks, byHand: [] };
  const plan: Plan = { ...body, hash: hash ?? planHash(body) };
  const record = await api.stored({
    submission: { ...newRecord().submission, action: 'delete' },
    state: 'awaiting-decision',
    decisionDeadline: LATER,
    plan: { revision: 1, hash: plan.hash },
  });
  const document = { requestId: record.requestId, name: 'plan.json' } as const;
  await documentStore(api.storage.storage).write(document, plan, 'replace');
  return record;
}

/** The same, with an item in its plan. */
async function itemised(): Promise<Parts> {
  const task = { taskId: mintTaskId(1, 0), family: 'cv-projects', target: 'vision', stage: 0, way: 'call' as const };
  const counts = { ...NO_COUNTS, found: 1 };
  const { requestId } = await waitingOn([{ ...task, counts, keysDigest: '' }]);
  await writeInventory(api.storage.storage, { requestId, task }, [
    { line: 'found', key: 'cv-projects/p1', parameters: { projectId: 'p1' } },
  ]);
  return { id: requestId };
}

/** An export that was sealed, with its package and its signed receipt. */
async function seal(): Promise<Parts> {
  const files = await sealedFiles(api.storage.storage, await makeKeys());
  const named = z.looseObject({ requestId: requestIdSchema });
  const { requestId } = named.parse(JSON.parse(files['receipt.json'].toString()));
  const at = new Date();
  await records().change(requestId, (record) => move(record, 'complete', { at, actor: 'system', reason: 'all' }));
  return { id: requestId, name: 'manifest.json' };
}
let once: Promise<Parts> | undefined;
function sealed(): Promise<Parts> {
  once ??= seal();
  return once;
}

/** A request that ended with something refused. */
async function resumable(): Promise<Parts> {
  const { requestId } = await api.stored({ state: 'partially-completed', endedAt: new Date().toISOString() });
  const deps = receiptDependencies(api.storage.storage);
  await writeTasks(deps, requestId);
  const refused = { line: 'item', key: 'k1', outcome: 'refused', reason: 'locked' } as const;
  await writeSlice(deps, { requestId, task: 0, slice: 0, more: [refused] }, []);
  return { id: requestId };
}

async function held(): Promise<Parts> {
  const order = { target: 'vision', reason: 'audit', reviewBy: LATER };
  return { holdId: z.looseObject({ id: z.string() }).parse(await (await api.post('holds', order)).json()).id };
}

async function linked(): Promise<Parts> {
  const { id, name } = await sealed();
  const link = z.looseObject({ href: z.string() });
  const { href } = link.parse(await (await api.post(`requests/${id}/package/${name}/link`, {})).json());
  return { token: href.replace('/api/downloads/', '') };
}

async function taken(version: 'openDsrSubmit' | 'openGdprSubmit'): Promise<Parts> {
  const { path, body } = ROUTES[version];
  const { erasure } = body.examples;
  const order = { ...erasure, subject_request_id: crypto.randomUUID() };
  await api.post(path, order);
  return { id: order.subject_request_id };
}

const nothing = async (): Promise<Parts> => ({});
const example =
  (parts: Parts): (() => Promise<Parts>) =>
  async () =>
    parts;

/** What must be there for an example to be answered as the document says. */
const GIVEN: Record<Operation, () => Promise<Parts>> = {
  submitRequest: nothing,
  getRequest: running,
  listRequests: running,
  getPlan: waiting,
  listPlanItems: itemised,
  decideRequest: () => waiting(PLAN_HASH),
  cancelRequest: running,
  extendRequest: running,
  getPackage: sealed,
  downloadPackageFile: sealed,
  issuePackageLink: sealed,
  followPackageLink: linked,
  getReceipt: sealed,
  getJournal: running,
  listFailures: resumable,
  redriveRequest: resumable,
  setHold: nothing,
  listHolds: held,
  liftHold: held,
  runSweep: example({ name: 'results' }),
  openDsrDiscovery: nothing,
  openDsrSubmit: nothing,
  openDsrStatus: () => taken('openDsrSubmit'),
  openDsrWithdraw: () => taken('openDsrSubmit'),
  openGdprDiscovery: nothing,
  openGdprSubmit: nothing,
  openGdprStatus: () => taken('openGdprSubmit'),
  openGdprWithdraw: () => taken('openGdprSubmit'),
  health: nothing,
  publishKeys: nothing,
  openDsrCertificate: nothing,
  describeApi: nothing,
};
const GIVEN_FOR = new Map<string, () => Promise<Parts>>(Object.entries(GIVEN));

interface Sent {
  readonly name: string;
  readonly route: Description;
  readonly title: string;
  readonly body?: unknown;
}

const EXAMPLES: readonly Sent[] = Object.entries<Description>(ROUTES).flatMap(([name, route]) =>
  route.body
    ? Object.entries(route.body.examples).map(([title, body]) => ({ name, route, title, body }))
    : [{ name, route, title: 'nothing' }],
);

/** Where somebody else than who submitted has to act. */
const OFFICER = { 'x-functions-key': 'officer-key' };

async function send({ name, route, body }: Sent): Promise<{ path: string; answer: Response }> {
  const parts = (await GIVEN_FOR.get(name)?.()) ?? {};
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? '');
  const headers = {
    ...(name === 'decideRequest' && OFFICER),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return { path, answer: await api.call(path, { method: route.method, headers, ...sent }) };
}

describe('Each example of the OpenAPI document', () => {
  it.each(EXAMPLES)('of $name ($title) is answered as the document says', async (sent) => {
    const { path, answer } = await send(sent);
    const { method, answer: expected } = sent.route;
    expect([answer.status, answer.status === expected.status ? '' : await answer.text()]).toEqual([
      expected.status,
      '',
    ]);
    expect(await deviations({ method, path, answer, withFiles: true })).toEqual([]);
    for (const header of expected.headers ?? []) expect([header, answer.headers.has(header)]).toEqual([header, true]);
    await answer.body?.cancel();
  });
});

describe('Every answer of the tests of this folder', () => {
  const route = { method: 'GET', path: `holds` };
  const answered = (status: number, body: unknown, type = 'application/json') =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });

  it.each([
    ['a member that is not described', answered(200, { holds: [], more: 1 }), /NOT|additional/],
    ['a member that is missing', answered(200, {}), /required/],
    ['a value of another form', answered(200, { holds: [{ id: HOLD_ID }] }), /required/],
    ['another status', answered(201, { holds: [] }), /not described/],
    ['another media type', answered(200, { holds: [] }, 'text/plain'), /as text\/plain/],
    [
      'a problem that the route does not have',
      answered(403, { type: '/problems/own-request', title: 'x', status: 403 }, 'application/problem+json'),
      /allowed values/,
    ],
  ])('would be found out by %s', async (_, answer, sentence) => {
    expect((await deviations({ ...route, answer })).join()).toMatch(sentence);
  });
});

describe('GET /api/openapi.json', () => {
  it('is for anybody, kept for a while, and not sent twice to who has it', async () => {
    const url = `${api.url}/api/openapi.json`;
    const first = await fetch(url);
    expect(await first.text()).toBe(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    const etag = first.headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});
