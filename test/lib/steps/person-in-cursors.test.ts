import { expect, it, vi } from 'vitest';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import { SliceResult } from '../../../src/lib/steps/slice/result.ts';
import { walkLevel } from '../../../src/lib/steps/walk/level.ts';
import { readText } from '../../../src/lib/store/blobs.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { newRecord } from '../store/support/records.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { SUBMISSION } from './support/request-stores.ts';
import { openStage } from './support/stage.ts';
import { contextOf } from './support/walking.ts';

vi.setConfig({ testTimeout: 120_000 });
const azurite = useAzurite();
const sizes = {
  runs: 1,
  metricsPerRun: 0,
  artifactsPerRun: 0,
  assets: 0,
  experiments: 0,
  jobsPerPerson: 5,
  people: [0],
};

it('only the record names the person, also while a list goes on under a link that names them', async () => {
  await using stage = await openStage(azurite.storage, {
    managed: { kind: 'experimentation', account: 'people' },
    world: {
      behaviour: { pageSize: 2 },
      experimentation: [{ name: 'people', workspaces: [{ name: 'alpha', projects: [sizes] }] }],
    },
    limits: { sliceItems: 1 },
  });
  const [person] = stage.simulator.world.learning.people;
  if (!person) throw new Error('Nobody is there.');
  const driver = new Driver(stage);
  const opened: string[] = [];
  const { slices } = stage.deps;
  driver.deps = {
    ...stage.deps,
    slices: {
      ...slices,
      open: async (requestId, taskId, child) => {
        opened.push(JSON.stringify(child));
        await slices.open(requestId, taskId, child);
      },
    },
  };
  const subject = { reference: 'r', objectId: person.objectId };
  const requestId = await driver.submit({ action: 'export', families: ['exp-notifications'], subject });
  expect((await driver.toTheEnd(requestId)).state).toBe('completed');
  expect(finalsOf(await ledgersOf(stage, requestId)).filter((final) => final.endsWith('saved'))).toHaveLength(5);
  const marked = opened.filter((text) => text.includes('{subject.objectId}'));
  expect(marked.length).toBeGreaterThan(1);
  expect(opened.filter((text) => text.toLowerCase().includes(person.objectId))).toEqual([]);
  const { container } = azurite.storage;
  for await (const { name } of container.listBlobsFlat({ prefix: `requests/${requestId}/` })) {
    if (/record\.json$|\.zip$/.test(name)) continue;
    const text = (await readText(container, name))?.text ?? '';
    const lines = text.split('\n').filter((line) => !line.startsWith('{"line":"document"'));
    expect({ name, names: lines.filter((line) => line.toLowerCase().includes(person.objectId)) }).toEqual({
      name,
      names: [],
    });
  }
});

it('what leads to the next page of workspaces, projects or runs is stored without the person, and asked for with them', async () => {
  await using stage = await openStage(azurite.storage, {
    managed: { kind: 'experimentation', account: 'people' },
    world: { experimentation: [{ name: 'people', workspaces: 2 }] },
  });
  const objectId = stage.simulator.world.learning.people[0]?.objectId ?? '';
  const submission = { ...SUBMISSION, subject: { reference: 'r', objectId } };
  const context = contextOf(stage, familyNamed('exp-projects'), { record: newRecord({ submission }) });
  const nextLink = `https://management.azure.com/next?$skiptoken=${objectId}`;
  const json = { value: [{ name: 'people/alpha' }], nextLink };
  const match = { operation: 'Workspaces_ListByAccounts' };
  stage.simulator.faults.add({ match, times: 1, fault: { kind: 'answerWith', json } });
  const at = { place: { step: 0, parameters: {}, offset: 0 }, result: new SliceResult() };
  const [rest] = (await walkLevel(context, 'inventory', at)).next;
  expect(rest?.cursor).toBe('link:https://management.azure.com/next?$skiptoken={subject.objectId}');
  await walkLevel(context, 'inventory', { ...at, place: rest ?? at.place });
  expect(stage.simulator.calls.list.at(-1)).toMatchObject({ path: '/next', query: expect.stringContaining(objectId) });
});
