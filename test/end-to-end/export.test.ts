import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { snapshotOf, type WorldSnapshot } from '../../local/simulator/world/snapshot.ts';
import { blobsOf, expectQueuesEmpty, readReceipt } from './support/account.ts';
import { keysOf, totalOf } from './support/expected.ts';
import { expectWhole, wholeOf } from './support/exported.ts';
import { openPackage } from './support/package.ts';
import { SUBJECT } from './support/portal.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const SMALL = { tags: 2, taggedImages: 3, untaggedImages: 1, iterations: { published: 1, trained: 1 } };

let stage: Stage;
let before: WorldSnapshot;
beforeAll(async () => {
  stage = await startStage({
    targets: [
      { name: 'west', projects: 2 },
      { name: 'old', version: '3.0', signIn: 'entra' },
      { name: 'between', version: '3.1', projects: [SMALL] },
      { name: 'fields' },
      { name: 'exact' },
      { name: 'dry' },
      { name: 'some' },
      { name: 'empty', projects: 0 },
    ],
  });
  before = snapshotOf(stage.simulator.world);
});
afterAll(() => stage?.stop());

describe('an export', () => {
  test.concurrent.each(['west', 'old', 'between'])(
    'of %s holds every document and every byte of what is upstream',
    async (name) => {
      const whole = wholeOf(stage, stage.resource(name));
      const id = await stage.portal.begin({ action: 'export', targets: [name] });
      await expectWhole(stage, id, whole);
    },
  );

  test.concurrent('keeps unknown members, masks signatures and leaves no key in any blob', async () => {
    const { portal, simulator } = stage;
    const resource = stage.resource('fields');
    const [project] = resource.projects.values();
    const [tag] = found(project).workspace.tags.values();
    const future = {
      kind: 'new',
      'odd näme': [1, null, { deep: 'https://x.blob.core.windows.net/a?sig=SECRETSIG&se=1' }],
    };
    const listed = { id: found(tag).id, name: 'Hemlock', description: null, type: 'Regular', imageCount: 1, future };
    simulator.faults.add({
      match: { host: hostOf('fields'), operation: 'GetTags' },
      fault: { kind: 'answerWith', json: [listed] },
    });
    const id = await portal.begin({ action: 'export', targets: ['fields'] });
    expect((await portal.ended(id)).state).toBe('completed');
    const { documents, text } = await openPackage(stage, id);
    const kept = documents.find(({ key }) => key.startsWith('cv-tags/'));
    expect(kept?.document).toEqual({
      ...listed,
      future: { ...future, 'odd näme': [1, null, { deep: 'https://x.blob.core.windows.net/a?sig=<masked>&se=1' }] },
    });
    const blobs = [...(await blobsOf(stage, id)), ['package', text] as const];
    for (const [name, content] of blobs) {
      expect(content, name).not.toMatch(/sig=(?!<masked>)/);
      for (const key of resource.keys) expect(content, name).not.toContain(key);
      if (name !== 'record.json') expect(content, name).not.toContain(SUBJECT.email);
    }
  });

  test.concurrent('holds each document as upstream gave it, but for its signatures', async () => {
    const { portal, simulator } = stage;
    const id = await portal.begin({ action: 'export', targets: ['exact'] });
    expect((await portal.ended(id)).state).toBe('completed');
    const { documents } = await openPackage(stage, id);
    const given = new Map<string, unknown[]>();
    const lists = ['GetProjects', 'GetIterations', 'GetTags', 'GetTaggedImages', 'GetUntaggedImages'];
    for (const { host, operation, json } of stage.answers) {
      if (host !== hostOf('exact') || !lists.includes(operation)) continue;
      for (const document of elements.parse(json)) {
        // A page that is read again has fresh links: every answer counts.
        given.set(document.id, [...(given.get(document.id) ?? []), masked(document)]);
      }
    }
    const own = documents.filter(
      ({ key, part }) => part === undefined && !/^cv-(exported-models|predictions)\//.test(key),
    );
    expect(own).toHaveLength(given.size);
    for (const { key, document } of own) {
      expect(given.get(found(key.split('/').at(-1))), key).toContainEqual(document);
    }
    const trained = [...found([...stage.resource('exact').projects.values()][0]).iterations.values()].filter(
      ({ status }) => status === 'Completed',
    );
    expect(documents.filter(({ part }) => part === 'performance')).toHaveLength(trained.length);
    expect(simulator.faults.list().every(({ rule }) => rule.match.host !== hostOf('exact'))).toBe(true);
  });

  test.concurrent('as a dry run packs nothing and reads only', async () => {
    const { portal, simulator } = stage;
    const id = await portal.begin({ action: 'export', targets: ['dry'], dryRun: true });
    const keys = keysOf(stage.resource('dry'));
    expect(await portal.ended(id)).toMatchObject({ state: 'completed', totals: { found: totalOf(keys) } });
    expect((await portal.call('GET', `/requests/${id}/package`)).status).toBe(404);
    expect(changesAt(simulator, hostOf('dry'))).toEqual([]);
    expect((await readReceipt(stage, id)).touchedUpstream).toBe(false);
  });

  test.concurrent('of some families holds these and no others', async () => {
    const { portal } = stage;
    const id = await portal.begin({ action: 'export', targets: ['some'], families: ['cv-tags', 'cv-exported-models'] });
    expect((await portal.ended(id)).state).toBe('completed');
    const keys = keysOf(stage.resource('some'));
    const { outcomes } = await openPackage(stage, id);
    expect([...outcomes.keys()].sort()).toEqual([...(keys['cv-exported-models'] ?? []), ...(keys['cv-tags'] ?? [])]);
  });

  test.concurrent('of an empty resource is complete and has a package that says so', async () => {
    const { portal } = stage;
    const id = await portal.begin({ action: 'export', targets: ['empty'] });
    expect(await portal.ended(id)).toMatchObject({ state: 'completed', totals: { found: 1 } });
    expect([...(await openPackage(stage, id)).outcomes]).toEqual([['cv-account', 'absent']]);
  });

  test('leaves nothing behind: no message, no answer against the specifications, no other resource changed', async () => {
    await expectQueuesEmpty(stage);
    expect(stage.findings).toEqual([]);
    expect(snapshotOf(stage.simulator.world)).toEqual(before);
  });
});

const elements = z.array(z.looseObject({ id: z.string() }));

const masked = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document).replaceAll(/([?&])sig=[^&"]*/g, '$1sig=<masked>'));
