import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import { blobsOf, expectJournal, expectQueuesEmpty, readReceipt } from './support/account.ts';
import { accountOf, approve, erase, planDelete } from './support/erasure.ts';
import { SUBJECT } from './support/portal.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';
import { found, until } from './support/until.ts';

vi.setConfig({ testTimeout: 170_000 });

const PROJECT = {
  ...{ tags: 1, taggedImages: 4, untaggedImages: 0, deletedImages: 0, predictions: 4, imageBytes: 100 },
  iterations: { published: 0, trained: 0 },
};
const POLICIES = [
  { name: 'old-predictions', family: 'cv-predictions', approval: 'policy' },
  { name: 'old-images', family: 'cv-images', approval: 'person' },
].map((policy) => ({ ...policy, target: 'aging', olderThanDays: 30 }));
const TAGS = { families: ['cv-tags'] };
const EXPORT = { action: 'export' as const, targets: ['kept'], families: ['cv-tags', 'cv-images'] };
const KEY = { 'idempotency-key': 'case-4711' };
const DAY = 86_400_000;

let stage: Stage;
/** Ends of requests: ids by how they ended; `waiting` hasn't. */
const ids: Record<'completed' | 'erased' | 'failed' | 'cancelled' | 'waiting', string> = {
  completed: '',
  erased: '',
  failed: '',
  cancelled: '',
  waiting: '',
};
let waitingHash: string | undefined;
beforeAll(async () => {
  stage = await startStage({
    targets: ['kept', 'erased', 'refusing', 'waiting', 'aging'].map((name) => ({ name, projects: [PROJECT] })),
    turned: true,
    settings: {
      DSR_LINKS: 'app',
      DSR_DOWNLOAD_DAYS: '5',
      DSR_DECISION_DAYS: '400',
      DSR_REQUEST_DAYS: '400',
      RETENTION: JSON.stringify({ policies: POLICIES }),
    },
  });
});
afterAll(() => stage?.stop());

const sweptSchema = z.looseObject({
  counts: z.record(z.string(), z.number()),
  requests: z.array(z.looseObject({ requestId: z.string() })),
});

/** A sweep by hand. */
async function sweep(name: string, query = '') {
  const { status, json } = await stage.officer.call('POST', `/sweeps/${name}${query}`);
  expect(status).toBe(200);
  const { counts, requests } = sweptSchema.parse(json);
  return { counts, requests: requests.map(({ requestId }) => requestId) };
}

/** The sweep's own timer ticks; the event with which it ends. */
async function tick(name: string): Promise<Readonly<Record<string, unknown>>> {
  const told = () => stage.log.filter((line) => line.includes(`"event":"sweep","sweep":"${name}","dryRun":false`));
  const before = told().length;
  await stage.tick(`sweep-${name}`);
  const line = await until(`${name} are swept`, () => told()[before]);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(line.slice(line.indexOf('{'))));
}

/** What a browser or a download manager gets. @param path below the host; with a key only where one is given. */
async function get(path: string, headers: Record<string, string> = { 'x-functions-key': 'portal-key' }) {
  const answer = await fetch(`${stage.host.url}${path}`, { headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const { status } = answer;
  const problem = status < 400 ? undefined : z.looseObject({ type: z.string() }).parse(JSON.parse(bytes.toString()));
  if (problem) expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return { status, bytes, header: (name: string) => answer.headers.get(name) ?? '', problem: problem?.type };
}

const linkSchema = z.looseObject({ href: z.string() });
const countIn = (lines: readonly string[], ...texts: string[]): number =>
  lines.filter((line) => texts.every((text) => line.includes(text))).length;

describe('A package', () => {
  test('is had whole or in ranges, with its key or by a link, each told in the journal; when their time is over, 410', async () => {
    const { portal } = stage;
    const { headers } = await portal.submit(EXPORT, KEY);
    ids.completed = found((headers.get('location') ?? '').split('/').at(-1));
    expect((await portal.ended(ids.completed)).state).toBe('completed');
    const path = `/api/requests/${ids.completed}/package/package-001.zip`;
    const key = { 'x-functions-key': 'portal-key' };
    const whole = await get(path);
    const etag = whole.header('etag');
    const total = whole.bytes.length;
    expect(whole).toMatchObject({ status: 200 });
    const first = await get(path, { ...key, range: 'bytes=0-99' });
    expect([first.status, first.header('content-range')]).toEqual([206, `bytes 0-99/${total}`]);
    const rest = await get(path, { ...key, range: 'bytes=100-', 'if-range': etag });
    expect(rest.status).toBe(206);
    expect(Buffer.concat([first.bytes, rest.bytes]).equals(whole.bytes)).toBe(true);
    expect((await get(path, { ...key, range: 'bytes=100-', 'if-range': '"other"' })).bytes).toHaveLength(total);
    expect((await get(path, { ...key, 'if-none-match': etag })).status).toBe(304);
    const outside = await get(path, { ...key, range: `bytes=${total}-` });
    expect(outside).toMatchObject({ status: 416, problem: '/problems/range-not-satisfiable' });
    expect(outside.header('content-range')).toBe(`bytes */${total}`);

    const issued = await portal.call('POST', `${path.slice(4)}/link`, { body: {} });
    expect(issued.status).toBe(201);
    const { href } = linkSchema.parse(issued.json);
    expect((await get(href, {})).bytes.equals(whole.bytes)).toBe(true);
    expect((await get(href, { range: 'bytes=-1' })).status).toBe(206);
    const lines = await expectJournal(stage, ids.completed);
    expect(countIn(lines, '"link-issued"', 'package-001.zip until')).toBe(1);
    expect(countIn(lines, '"package-downloaded"', 'package-001.zip by link')).toBe(1);
    expect(countIn(lines, '"package-downloaded"')).toBe(4);

    await stage.clock.turn(0.01);
    expect(await get(href, {})).toMatchObject({ status: 410, problem: '/problems/link-expired' });
    await stage.clock.turn(5);
    for (const gone of [path, path.replace('/package-001.zip', '')]) {
      expect(await get(gone)).toMatchObject({ status: 410, problem: '/problems/package-gone' });
    }
    expect((await portal.call('POST', `${path.slice(4)}/link`, { body: {} })).status).toBe(410);
  });
});

describe('What requests leave behind', () => {
  test('goes in its time: results first, and the person in the end, however the request ended; receipt and journal stay', async () => {
    const { portal, simulator } = stage;
    simulator.faults.add({ match: { host: hostOf('refusing') }, fault: { kind: 'status', status: 403 } });
    const [erased, failed, cancelled, waiting] = await Promise.all([
      erase(stage, 'erased', TAGS),
      portal.begin({ action: 'delete', targets: ['refusing'], ...TAGS }),
      planDelete(stage, 'waiting', TAGS),
      planDelete(stage, 'waiting', TAGS),
    ]);
    expect((await portal.ended(failed)).state).toBe('failed');
    expect((await portal.cancel(cancelled.id)).status).toBe(202);
    Object.assign(ids, { erased: erased.id, failed, cancelled: cancelled.id, waiting: waiting.id });
    waitingHash = waiting.hash;
    const before = await portal.view(ids.completed);

    await stage.clock.turn(26);
    const would = await sweep('results', '?dryRun=true');
    expect(would.requests).toEqual([ids.completed]);
    expect([...(await blobsOf(stage, ids.completed)).keys()]).toContain('manifest.json');
    expect(await tick('results')).toMatchObject({ finished: 1, blobs: would.counts.blobs, failed: 0, more: false });
    const left = [...(await blobsOf(stage, ids.completed)).keys()];
    expect(left.filter((name) => /^(content|tasks|package|manifest)/.test(name) && !name.startsWith('tasks-'))).toEqual(
      [],
    );
    expect(await portal.view(ids.completed)).toMatchObject({
      results: { removedAt: expect.any(String) },
      totals: before.totals,
    });
    expect((await readReceipt(stage, ids.completed)).totals.saved).toBe(before.totals.found);

    await stage.clock.turn(90);
    await sweep('results');
    expect((await portal.submit({ ...EXPORT, dryRun: true }, KEY)).status, 'another body under the same key').toBe(422);
    const ended = [ids.completed, ids.erased, ids.failed, ids.cancelled];
    expect((await sweep('subjects', '?dryRun=true')).requests.sort()).toEqual([...ended].sort());
    expect(await tick('subjects')).toMatchObject({ finished: ended.length, failed: 0, more: false });
    for (const id of ended) {
      const text = [...(await blobsOf(stage, id)).values()].join('\n');
      for (const identifier of Object.values(SUBJECT)) expect(text, id).not.toContain(identifier);
      expect(await portal.view(id)).toHaveProperty('forgotten.at');
      expect(countIn(await expectJournal(stage, id), '"subject-removed"')).toBe(1);
    }
    expect((await readReceipt(stage, ids.erased)).totals).toEqual(erased.receipt.totals);
    expect(await get(`/api/requests/${ids.erased}/plan`)).toMatchObject({ status: 410 });
    expect((await blobsOf(stage, ids.waiting)).get('record.json')).toContain(SUBJECT.email);
    const { status } = await portal.submit({ ...EXPORT, dryRun: true }, KEY);
    expect(status, 'the key is free again').toBe(202);
  });

  test('in the durable hub goes too, and a request that waited all the while is carried out without it', async () => {
    const instances = async (): Promise<unknown[]> => {
      const path = '/runtime/webhooks/durabletask/instances?top=1000&code=system-key';
      return z.array(z.unknown()).parse(JSON.parse((await get(path, {})).bytes.toString()));
    };
    await until(
      'all orchestrations have ended',
      async () => (await sweep('history', '?dryRun=true')).counts.instances === (await instances()).length,
    );
    // Started in the present: by the app's clock that is a hundred days ago.
    const there = (await instances()).length;
    expect(there).toBeGreaterThan(5);
    expect((await sweep('history')).counts.instances).toBe(there);
    expect(await instances()).toEqual([]);
    await approve(stage, { id: ids.waiting, hash: waitingHash });
    expect((await accountOf(stage, ids.waiting)).view.state).toBe('completed');
    expect(await tick('history')).toMatchObject({ more: false });
  });

  test('and belongs to nothing is found by the daily walk and mended', async () => {
    const container = BlobServiceClient.fromConnectionString(stage.azurite.connectionString).getContainerClient('dsr');
    const orphan = mintRequestId();
    await container.getBlockBlobClient(`requests/${orphan}/content/1-01/x`).upload('x', 1);
    await container.getBlobClient(`requests/${ids.failed}/record.json`).setTags({});
    const listed = async () => JSON.stringify((await stage.portal.call('GET', '/requests?state=failed')).json);
    expect(await listed()).not.toContain(ids.failed);
    expect((await sweep('orphans', '?dryRun=true')).requests.sort()).toEqual([orphan, ids.failed].sort());
    expect(await tick('orphans')).toMatchObject({ orphans: 1, mended: 1, failed: 0 });
    expect([...(await blobsOf(stage, orphan)).keys()]).toEqual([]);
    expect(await listed()).toContain(ids.failed);
  });
});

const itemsSchema = z.object({ items: z.array(z.looseObject({ key: z.string(), fate: z.string() })) });

describe('What upstream keeps for too long', () => {
  test('goes by policy: listed in a dry run, approved by the policy or by a person, with a receipt, and nothing younger', async () => {
    const { portal } = stage;
    const [project] = stage.resource('aging').projects.values();
    const { predictions, workspace } = found(project);
    const limit = stage.clock.now().getTime() - 30 * DAY;
    /** Every second one is older than the limit by a day, the others younger by an hour. */
    const age = <T extends { created: number }>(items: Map<string, T>): string[] =>
      [...items].flatMap(([id, item], index) => {
        items.set(id, { ...item, created: index % 2 === 0 ? limit - DAY : limit + 3_600_000 });
        return index % 2 === 0 ? [] : [id];
      });
    const young = { predictions: age(predictions), images: age(workspace.images) };
    const foundBy = async (id: string) => {
      expect((await portal.ended(id)).state).toBe('completed');
      return (await portal.view(id)).totals.found;
    };
    const dry = await sweep('policies', '?dryRun=true');
    expect(await Promise.all(dry.requests.map(foundBy))).toEqual([2, 2]);
    const listed = await Promise.all(dry.requests.map((id) => portal.call('GET', `/requests/${id}/plan/items`)));
    const would = listed.flatMap(({ json }) => itemsSchema.parse(json).items.map(({ key, fate }) => `${fate} ${key}`));
    const isYoung = (id: string) => [...young.predictions, ...young.images].includes(id);
    const old = [...predictions.keys(), ...workspace.images.keys()].filter((id) => !isYoung(id));
    expect(would.map((line) => line.replace(/^erased .*\//, '')).sort()).toEqual(old.sort());
    expect(changesAt(stage.simulator, hostOf('aging'))).toEqual([]);

    const { requests } = await sweep('policies');
    const [byPolicy, byPerson] = requests.map((id) => found(id));
    const planned = await portal.awaitingDecision(found(byPerson));
    expect(planned).toMatchObject({ state: 'awaiting-decision', policy: { name: 'old-images' } });
    expect(await tick('policies')).toMatchObject({ policies: 2, requests: 0, failed: 0 });
    expect(workspace.images.size).toBe(4);
    await approve(stage, { id: planned.requestId, hash: planned.plan?.hash });
    for (const [id, actor] of [
      [byPolicy, 'policy:old-predictions'],
      [byPerson, 'officer'],
    ] as const) {
      const { view, receipt } = await accountOf(stage, found(id));
      expect(view).toMatchObject({ state: 'completed', decision: { actor } });
      expect(receipt).toMatchObject({
        asked: { policy: { name: expect.stringMatching(/^old-/) } },
        totals: { erased: 2, refused: 0 },
      });
    }
    expect([...predictions.keys()].sort()).toEqual(young.predictions.sort());
    expect([...workspace.images.keys()].sort()).toEqual(young.images.sort());
    await expectQueuesEmpty(stage);
    expect(stage.findings).toEqual([]);
  });
});
