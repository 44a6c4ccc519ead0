import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { dueAfter, dueExtended } from '../../src/lib/domain/due.ts';
import { nameOfHold, placeOf } from '../../src/lib/domain/hold.ts';
import { type Received, type Receiver, startReceiver } from '../lib/upstream/support/receiver.ts';
import { expectJournal, expectQueuesEmpty } from './support/account.ts';
import { accountOf, approve, planDelete } from './support/erasure.ts';
import type { Order } from './support/portal.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';
import { found, until } from './support/until.ts';

vi.setConfig({ testTimeout: 170_000 });

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const PROJECT = {
  ...{ tags: 1, taggedImages: 2, untaggedImages: 0, deletedImages: 0, predictions: 0, imageBytes: 100 },
  iterations: { published: 0, trained: 0 },
};
const HELD = ['by-request', 'by-target', 'by-reference'] as const;
const caller = (key: string, ...roles: string[]) => ({ key: createHash('sha256').update(key).digest('hex'), roles });

const toldSchema = z.object({ type: z.string(), data: z.object({ requestId: z.string() }) });
const told: z.infer<typeof toldSchema>[] = [];
let stage: Stage;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver({
    answer(_, received) {
      told.push(verified(received));
      return { status: 204 };
    },
  });
  stage = await startStage({
    targets: [...HELD, 'free'].map((name) => ({ name, projects: [PROJECT] })),
    turned: true,
    settings: {
      CALLERS: JSON.stringify({
        portal: caller('portal-key', 'Dsr.Submit', 'Dsr.Read'),
        officer: caller('officer-key', 'Dsr.Approve', 'Dsr.Operate', 'Dsr.Read'),
      }),
      CALLBACK_HOSTS: `127.0.0.1:${receiver.port}`,
      CALLBACK_SECRETS: SECRET,
    },
  });
});
afterAll(async () => {
  await stage?.stop();
  await receiver?.stop();
});

const dueSchema = z.object({ submittedAt: z.string(), expectedCompletion: z.string() });
const holdSchema = z.looseObject({ id: z.string() });
const idsOf = (json: unknown): string[] =>
  z
    .looseObject({ requests: z.array(z.looseObject({ requestId: z.string() })) })
    .parse(json)
    .requests.map(({ requestId }) => requestId);

/** Deletes that wait, by the target on which they do, and the holds that keep them back. */
const held = new Map<string, { readonly id: string; readonly hold: string }>();
const heldOn = (target: string) => found(held.get(target), target);
let exported: { readonly onHeld: string; readonly onFree: string };

/** Types of what the portal was told of a request. */
const toldOf = (id: string): string[] => told.filter(({ data }) => data.requestId === id).map(({ type }) => type);

/**
 * What a receiver makes of a call, at the moment of which the call says that it was sent: the library refuses what is five minutes away from its
 * own clock, and the app's may have been turned since.
 */
function verified({ headers, body }: Received): z.infer<typeof toldSchema> {
  const given = z.record(z.string(), z.string()).parse(headers);
  vi.useFakeTimers({ toFake: ['Date'], now: Number(given['webhook-timestamp']) * 1000 });
  try {
    return toldSchema.parse(new Webhook(SECRET).verify(body, given));
  } finally {
    vi.useRealTimers();
  }
}

const imagesOn = (target: string): number =>
  [...stage.resource(target).projects.values()].reduce((sum, { workspace }) => sum + workspace.images.size, 0);

const eventsOf = async (id: string): Promise<string[]> =>
  (await expectJournal(stage, id)).map((line) => z.looseObject({ event: z.string() }).parse(JSON.parse(line)).event);

/** Lets the watchdog look at all open requests once. */
async function watch(): Promise<void> {
  const looks = () => stage.log.filter((line) => line.includes('"event":"watchdog"')).length;
  const before = looks();
  await stage.tick('watchdog');
  await until('the watchdog has looked', () => looks() > before);
}

async function begin(target: (typeof HELD)[number], on: object, order: Partial<Order> = {}): Promise<void> {
  const planned = await planDelete(stage, target, {
    families: ['cv-images'],
    callbackUrls: [`${receiver.url}/told`],
    ...order,
  });
  const reviewBy = new Date(stage.clock.now().getTime() + 10 * 86_400_000).toISOString();
  const body = { request: planned.id, reason: 'litigation', reviewBy, ...on };
  expect(await stage.portal.call('POST', '/holds', { body })).toMatchObject({
    status: 403,
    json: { type: '/problems/no-role' },
  });
  const set = await stage.officer.call('POST', '/holds', { body });
  expect(set.status).toBe(201);
  held.set(target, { id: planned.id, hold: holdSchema.parse(set.json).id });
  await approve(stage, planned);
}

describe('Holds', () => {
  test('on a request, on a target and on a person let approved deletes wait; exports go on where that is allowed', async () => {
    const { portal } = stage;
    await Promise.all([
      begin('by-request', {}),
      begin('by-target', { request: undefined, target: 'by-target', allowExports: true }),
      begin(
        'by-reference',
        { request: undefined, reference: 'case-9' },
        {
          regulation: 'ccpa',
          subject: { reference: 'case-9' },
        },
      ),
    ]);
    for (const target of HELD) {
      const { id, hold } = heldOn(target);
      const view = await portal.waitFor(id, ({ state, run }) => state === 'running' && run.ended);
      expect(view).toMatchObject({
        held: { by: [hold] },
        holds: [{ id: hold, reason: 'litigation', actor: 'officer' }],
        waitsFor: { owner: 'operator' },
      });
      expect(changesAt(stage.simulator, hostOf(target))).toEqual([]);
      expect(imagesOn(target)).toBe(2);
    }
    const copyOf = (target: string, reference = 'case-1') =>
      portal.begin({ action: 'export', targets: [target], families: ['cv-tags'], subject: { reference } });
    const [onHeld, onFree, kept] = await Promise.all([copyOf('by-target'), copyOf('free'), copyOf('free', 'case-9')]);
    for (const id of [onHeld, onFree]) expect((await portal.ended(id)).state).toBe('completed');
    await portal.waitFor(kept, (view) => 'held' in view && view.state === 'received');
    exported = { onHeld, onFree };
    held.set('export', { id: kept, hold: heldOn('by-reference').hold });
  });

  test('do not stop the time limit of the law: it is warned of, told of and extended, and what is late is marked', async () => {
    const { portal, officer } = stage;
    const dueOf = async (target: string) => {
      const { submittedAt, expectedCompletion } = dueSchema.parse(
        (await portal.call('GET', `/requests/${heldOn(target).id}`)).json,
      );
      return { from: new Date(submittedAt), by: expectedCompletion };
    };
    for (const [target, law] of [
      ['by-target', 'gdpr'],
      ['by-reference', 'ccpa'],
    ] as const) {
      const { from, by } = await dueOf(target);
      expect(by).toBe(dueAfter(law, from).toISOString());
      const path = `/requests/${heldOn(target).id}/extend`;
      const body = { reason: 'There are many.' };
      expect((await portal.call('POST', path, { body })).status).toBe(403);
      expect(await officer.call('POST', path, { body })).toMatchObject({
        status: 200,
        json: { expectedCompletion: dueExtended(law, from).toISOString() },
      });
      expect((await dueOf(target)).by).toBe(dueExtended(law, from).toISOString());
      expect((await officer.call('POST', path, { body: { reason: 'More yet.' } })).status).toBe(409);
    }
    const { id } = heldOn('by-request');
    for (const [days, type] of [
      [20, 'request.due-soon'],
      [20, 'request.late'],
    ] as const) {
      await stage.clock.turn(days);
      await watch();
      await until(`the portal is told: ${type}`, () => toldOf(id).includes(type));
    }
    expect(await portal.view(id)).toMatchObject({ state: 'running', late: (await dueOf('by-request')).by });
    expect(stage.log.filter((line) => /"event":"(due-soon|late)"/.test(line) && line.includes(id))).toHaveLength(2);
    for (const target of ['by-target', 'by-reference']) {
      const events = await eventsOf(heldOn(target).id);
      expect(events).toContain('due-extended');
      expect(events).not.toContain('late');
      expect(toldOf(heldOn(target).id)).not.toContain('request.due-soon');
    }
  });

  test('are to be reviewed: whoever set them is reminded, and so is the portal; sweeps leave alone what is held', async () => {
    const { portal, officer } = stage;
    for (const target of HELD) {
      expect(toldOf(heldOn(target).id)).toContain('request.hold-review');
      expect(await eventsOf(heldOn(target).id)).toContain('hold-review');
    }
    const swept = await officer.call('POST', '/sweeps/orphans');
    expect(swept).toMatchObject({ status: 200, json: { counts: { reviews: HELD.length, failed: 0 } } });
    for (const target of HELD) {
      const event = { event: 'hold-review', hold: nameOfHold(heldOn(target).hold) };
      expect(stage.log.filter((line) => line.includes(JSON.stringify(event).slice(0, -1)))).toHaveLength(1);
    }
    expect((await portal.call('GET', '/sweeps/results')).status).toBe(404);
    const removed = idsOf((await officer.call('POST', '/sweeps/results')).json);
    expect(removed).toEqual([exported.onFree]);
    expect((await portal.view(exported.onHeld)).totals.found).toBeGreaterThan(0);
    expect(await portal.view(exported.onFree)).toMatchObject({ results: { removedAt: expect.any(String) } });
    expect(await portal.view(exported.onHeld)).not.toHaveProperty('results');
  });

  test('are lifted with a reason: then everything that waited goes on to its end, and the journal tells it all', async () => {
    const { portal, officer } = stage;
    for (const target of HELD) {
      const path = `/holds/${heldOn(target).hold}`;
      const body = { reason: 'It is settled.' };
      expect((await portal.call('DELETE', path, { body })).status).toBe(403);
      expect(await officer.call('DELETE', path, { body })).toMatchObject({
        status: 200,
        json: { lifted: { actor: 'officer', reason: 'It is settled.' } },
      });
    }
    expect((await officer.call('GET', '/holds')).json).toEqual({ holds: [] });
    for (const target of HELD) {
      const { id } = heldOn(target);
      const { view, receipt } = await accountOf(stage, id);
      expect(view.state).toBe('completed');
      expect(receipt.totals).toMatchObject({ refused: 0, gaps: 0, erased: receipt.totals.found });
      expect(imagesOn(target)).toBe(0);
      const events = await eventsOf(id);
      const order = ['held', 'approve', 'hold-review', 'released', 'complete'].map((event) => events.indexOf(event));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(order).not.toContain(-1);
      expect(events.includes('hold-set') && events.includes('hold-lifted')).toBe(target === 'by-request');
    }
    expect((await portal.ended(heldOn('export').id)).state).toBe('completed');
    await expectQueuesEmpty(stage);
    const log = stage.log.join('\n');
    expect(log).not.toContain('case-9');
    // Its digest neither: whoever has the installation's key could hold it against a guess.
    expect(log).not.toContain(found(placeOf(heldOn('by-reference').hold)).key);
    expect(stage.findings).toEqual([]);
  });
});
