import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty, outcomesOf, readReceipt, type TaskLedger } from './support/account.ts';
import { erase } from './support/erasure.ts';
import { ERASED, keysOf, totalOf } from './support/expected.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const SMALL = { tags: 1, taggedImages: 2, untaggedImages: 1, iterations: { published: 1, trained: 0 } };

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    targets: [
      { name: 'new', projects: 2 },
      { name: 'old', version: '3.0', signIn: 'entra' },
      { name: 'between', version: '3.1', projects: [SMALL] },
      { name: 'images-old', version: '3.0' },
      { name: 'images-between', version: '3.1', projects: [SMALL] },
      { name: 'images-new' },
      { name: 'tags' },
      { name: 'projects' },
      { name: 'dry' },
      { name: 'rejected' },
      { name: 'empty', projects: 0 },
      { name: 'neighbour' },
    ],
  });
  neighbour = snapshotOf(stage.simulator.world).resources.find(({ name }) => name === 'neighbour');
});
let neighbour: unknown;
afterAll(() => stage?.stop());

const outcomes = (ledgers: readonly TaskLedger[], family: string) => [
  ...new Set([...outcomesOf(ledgers, family).values()].map(({ outcome }) => outcome)),
];

/** One call takes many of these; whichever goes by itself is observed. */
const BATCHED: ReadonlySet<string> = new Set(['cv-images', 'cv-predictions']);

describe('a delete', () => {
  test.concurrent.each(['new', 'old', 'between'])(
    'of all on %s leaves nothing upstream, and says how each item was proved gone',
    async (name) => {
      const resource = stage.resource(name);
      const keys = keysOf(resource);
      const { view, ledgers, receipt } = await erase(stage, name);
      expect(view.state).toBe('completed');
      expect(resource.projects.size).toBe(0);
      for (const family of ERASED) {
        const items = outcomesOf(ledgers, family);
        expect([...items.keys()].sort()).toEqual(keys[family]);
        const causes = BATCHED.has(family) ? ['in-batch', 'observed'] : ['observed'];
        for (const { outcome, cause } of items.values()) {
          expect(outcome).toBe('erased');
          expect(causes).toContain(cause);
        }
      }
      const proofs = Object.fromEntries(
        receipt.revisions.flatMap(({ tasks }) => tasks.map((task) => [task.family, Object.keys(task.proofs)])),
      );
      expect(proofs).toEqual({
        'cv-projects': ['item-404'],
        'cv-iterations': ['item-404'],
        'cv-tags': ['item-404'],
        'cv-images': ['absent-from-list'],
        'cv-predictions': ['absent-from-list'],
        'cv-exported-models': [],
        'cv-account': [],
      });
      const models = keys['cv-exported-models']?.length ?? 0;
      expect(receipt.totals).toMatchObject({ found: totalOf(keys), erased: totalOf(keys) - models, kept: models });
      expect(outcomes(ledgers, 'cv-exported-models')).toEqual(['kept']);
      expect(receipt.byHand.map(({ what }) => what)).toContain('Account Info (Subscription Keys)');
      expect(receipt.decision).toMatchObject({ actor: 'officer', decision: 'approve' });
    },
  );

  test.concurrent('of images alone is refused on version 3.0, where iterations keep copies', async () => {
    const before = keysOf(stage.resource('images-old'));
    const { view, ledgers, receipt } = await erase(stage, 'images-old', { families: ['cv-images'] });
    expect(view.state).toBe('partially-completed');
    expect(outcomes(ledgers, 'cv-images')).toEqual(['refused']);
    expect(receipt.revisions[0]?.tasks[0]?.grounds.refused?.[0]?.ground).toContain('iterations keep copies');
    expect(keysOf(stage.resource('images-old'))).toEqual(before);
  });

  test.concurrent.each([
    ['3.3', 'images-new'],
    ['3.1', 'images-between'],
  ])('of images alone erases them in iterations too on version %s', async (_, name) => {
    const { 'cv-images': images, ...others } = keysOf(stage.resource(name));
    const { view, ledgers } = await erase(stage, name, { families: ['cv-images'] });
    expect(view.state).toBe('completed');
    expect([...outcomesOf(ledgers, 'cv-images').keys()].sort()).toEqual(images);
    expect(outcomes(ledgers, 'cv-images')).toEqual(['erased']);
    expect(keysOf(stage.resource(name))).toEqual({ ...others, 'cv-images': [] });
  });

  test.concurrent('of tags alone leaves everything else', async () => {
    const { 'cv-tags': tags, ...others } = keysOf(stage.resource('tags'));
    const { view, ledgers } = await erase(stage, 'tags', { families: ['cv-tags'] });
    expect(view.state).toBe('completed');
    expect([...outcomesOf(ledgers, 'cv-tags').keys()].sort()).toEqual(tags);
    expect(keysOf(stage.resource('tags'))).toEqual({ ...others, 'cv-tags': [] });
  });

  test.concurrent('of projects alone takes in what they contain, and accounts for it', async () => {
    const keys = keysOf(stage.resource('projects'));
    const { view, ledgers } = await erase(stage, 'projects', { families: ['cv-projects'] });
    expect(view.state).toBe('completed');
    for (const family of ERASED) {
      expect([...outcomesOf(ledgers, family).keys()].sort()).toEqual(keys[family]);
      expect(outcomes(ledgers, family)).toEqual(['erased']);
    }
    expect(stage.resource('projects').projects.size).toBe(0);
  });

  test.concurrent('as a dry run tells its plan, needs no decision and reads only', async () => {
    const { portal, simulator } = stage;
    const before = keysOf(stage.resource('dry'));
    const id = await portal.begin({ action: 'delete', targets: ['dry'], dryRun: true });
    expect(await portal.ended(id)).toMatchObject({ state: 'completed', totals: { found: totalOf(before) } });
    expect((await portal.call('GET', `/requests/${id}/plan`)).json).toMatchObject({ dryRun: true, revision: 1 });
    expect(await readReceipt(stage, id)).toMatchObject({ touchedUpstream: false, totals: { found: 0, erased: 0 } });
    expect(changesAt(simulator, hostOf('dry'))).toEqual([]);
    expect(keysOf(stage.resource('dry'))).toEqual(before);
  });

  test.concurrent('is decided on its very plan, by somebody else, once', async () => {
    const { portal, officer } = stage;
    const before = keysOf(stage.resource('rejected'));
    const id = await portal.begin({ action: 'delete', targets: ['rejected'] });
    const hash = found((await portal.awaitingDecision(id)).plan).hash;
    expect(await officer.decide(id, 'approve', 'f'.repeat(64))).toMatchObject({
      status: 409,
      json: { type: '/problems/stale-plan' },
    });
    expect(await portal.decide(id, 'approve', hash)).toMatchObject({
      status: 403,
      json: { type: '/problems/own-request' },
    });
    expect((await officer.decide(id, 'reject', hash)).status).toBe(202);
    expect((await officer.decide(id, 'reject', hash)).status, 'the same decision again').toBe(202);
    expect((await officer.decide(id, 'approve', hash)).status, 'another one').toBe(409);
    expect((await portal.ended(id)).state).toBe('rejected');
    expect(keysOf(stage.resource('rejected'))).toEqual(before);
  });

  test.concurrent('of an empty resource has nothing to ask and nothing to erase', async () => {
    const id = await stage.portal.begin({ action: 'delete', targets: ['empty'] });
    expect((await stage.portal.ended(id)).state).toBe('completed');
    expect((await readReceipt(stage, id)).totals.found).toBe(0);
  });

  test('leaves nothing behind: no message, no answer against the specifications, no neighbour changed', async () => {
    await expectQueuesEmpty(stage);
    expect(stage.findings).toEqual([]);
    expect(snapshotOf(stage.simulator.world).resources.find(({ name }) => name === 'neighbour')).toEqual(neighbour);
  });
});
