import { expect, test } from 'vitest';
import { arm, askLearning, experimentation, projectBase, readAll } from './learning-asking.ts';
import { found, open, start } from './running.ts';

const world = { resources: [], experimentation: [{ workspaces: [{ projects: 2 }] }], behaviour: { pageSize: 4 } };
const history = projectBase('history');
const artifact = projectBase('artifact');

test('runs, experiments, metrics and assets are listed whole, over pages, and told one by one', async () => {
  const simulator = await start({ world });
  const runs = await readAll(simulator, `${history}/runs`);
  expect(runs.pages).toEqual([4, 2]);
  for (const { runId } of runs.items) {
    expect((await askLearning(simulator, `${history}/runs/${runId}`)).json).toMatchObject({ runId });
  }
  const { items: experiments } = await readAll(simulator, `${history}/experiments`);
  expect(experiments).toHaveLength(2);
  for (const { experimentId } of experiments) {
    const reply = await askLearning(simulator, `${history}/experiments/${experimentId}`);
    expect(reply.json).toMatchObject({ experimentId });
  }
  expect((await readAll(simulator, `${history}/runmetrics`)).items).toHaveLength(6);
  const { items: assets } = await readAll(simulator, `${artifact}/assets`);
  for (const { name } of assets) {
    const reply = await askLearning(simulator, `${artifact}/assets/name/${encodeURIComponent(String(name))}`);
    expect(reply.json).toMatchObject({ name });
  }
});

test.each(['token', 'link'] as const)('a page leads on by %s alone where the world says so', async (continuation) => {
  const simulator = await start({ world: { ...world, behaviour: { pageSize: 4, continuation } } });
  const first = Object((await askLearning(simulator, `${history}/runs`)).json);
  expect([first.nextLink === null, first.continuationToken === null]).toEqual(
    continuation === 'token' ? [true, false] : [false, true],
  );
  const next =
    continuation === 'link'
      ? first.nextLink
      : `${history}/runs?$continuationtoken=${encodeURIComponent(first.continuationToken)}`;
  expect(Object((await askLearning(simulator, next)).json).value).toHaveLength(2);
});

test('versions of an asset share a name; by name comes the newest, or all of them where the world says so', async () => {
  const projects = [{ assets: 6, assetVersions: 3 }];
  const experimentation = [{ workspaces: [{ projects }] }];
  for (const assetByName of ['one', 'versions'] as const) {
    const simulator = await start({
      world: { resources: [], experimentation, behaviour: { assetByName, pageSize: 4 } },
    });
    const { items, pages } = await readAll(simulator, `${artifact}/assets`);
    expect([pages, new Set(items.map(({ name }) => name)).size]).toEqual([[4, 2], 2]);
    const name = encodeURIComponent(String(items[0]?.name));
    const { json } = await askLearning(simulator, `${artifact}/assets/name/${name}`);
    expect(json).toEqual(assetByName === 'one' ? items[2] : { value: items.slice(0, 3) });
  }
});

test('creators are the people in turn, told by principal name and by name; some runs may tell none', async () => {
  const people = [0, 2];
  const projects = [{ runs: 5, people, anonymousRuns: 1, reviewedRuns: 2, wildNames: false }];
  const simulator = await start({ world: { resources: [], experimentation: [{ workspaces: [{ projects }] }] } });
  const { items } = await readAll(simulator, `${history}/runs`);
  const [ada, , zofie] = simulator.world.learning.people;
  expect(items.map(({ userId }) => userId)).toEqual([
    null,
    zofie?.objectId,
    ada?.objectId,
    zofie?.objectId,
    ada?.objectId,
  ]);
  expect(items.map(({ createdBy }) => Object(createdBy).userName)).toEqual([
    undefined,
    zofie?.name,
    ada?.upn,
    zofie?.name,
    ada?.upn,
  ]);
  expect(items.map(({ tags }) => Object(tags).reviewer)).toEqual([
    zofie?.upn,
    ada?.upn,
    undefined,
    undefined,
    undefined,
  ]);
});

test('artifacts lie in the container that run and artifact name; their bytes come by a link, slashes raw or as %2F', async () => {
  const world = { resources: [], experimentation: [{ workspaces: [{ projects: [{ artifactsPerRun: 7 }] }] }] };
  const simulator = await start({ world });
  const { items: runs } = await readAll(simulator, `${history}/runs`);
  const paths = new Set<string>();
  for (const { runId, dataContainerId } of runs) {
    const container = String(dataContainerId ?? runId);
    const { items } = await readAll(simulator, `${history}/runs/${runId}/artifacts`);
    const listed = await readAll(simulator, `${artifact}/artifacts/origins/ExperimentRun/containers/${container}`);
    expect(listed.items).toEqual(items);
    for (const { path } of items) {
      const raw = String(path).split('/').map(encodeURIComponent).join('/');
      const base = `${artifact}/artifacts/contentinfo/ExperimentRun/${container}`;
      for (const written of [raw, encodeURIComponent(String(path))]) {
        const { json } = await askLearning(simulator, `${base}/${written}`);
        expect(json).toMatchObject({ origin: 'ExperimentRun', container, path });
      }
      const uri = await askLearning(
        simulator,
        `${history}/runs/${runId}/artifacturi?name=${encodeURIComponent(String(path))}`,
      );
      const blob = await open(simulator, String(uri.json));
      const stored = found(simulator.world.learning.files.get(new URL(String(uri.json)).pathname));
      expect((await blob.arrayBuffer()).byteLength).toBe(stored.bytes);
      paths.add(String(path));
    }
  }
  expect([...paths].map((path) => path.length)).toContain(300);
});

test("a run's id opens no container of another name, unless the world says so", async () => {
  const opened = async (runIdAsContainer: boolean) => {
    const simulator = await start({ world: { ...world, behaviour: { runIdAsContainer } } });
    const { items } = await readAll(simulator, `${history}/runs`);
    const { runId } = found(items.find(({ dataContainerId }) => dataContainerId !== null));
    const list = `${artifact}/artifacts/origins/ExperimentRun/containers/${runId}`;
    return (await readAll(simulator, list)).items.length;
  };
  expect([await opened(false), await opened(true)]).toEqual([0, 2]);
});

test("somebody's notifications are listed by object id; a stranger has none", async () => {
  const simulator = await start({ world });
  const base = projectBase('notification');
  for (const { objectId } of simulator.world.learning.people) {
    const { items } = await readAll(simulator, `${base}/users/${objectId.toUpperCase()}/jobs`);
    expect(items).toEqual([expect.objectContaining({ userObjectId: objectId })]);
  }
  expect((await readAll(simulator, `${base}/users/${crypto.randomUUID()}/jobs`)).items).toEqual([]);
});

test.each([
  ['run', `${history}/runs/none`],
  ['experiment', `${history}/experiments/none`],
  ['artifact', `${artifact}/artifacts/contentinfo/ExperimentRun/none/a/b`],
  ['asset', `${artifact}/assets/name/none`],
  ['project', `${projectBase('history', 'none')}/runs`],
  ['region', `${history.replace('eastus2', 'westus')}/runs`],
  ['route', `${history}/nothing`],
])('an unknown %s is 404', async (_, url) => {
  const simulator = await start({ world });
  expect((await askLearning(simulator, url)).status).toBe(404);
});

test('nothing here can be deleted alone: 405', async () => {
  const simulator = await start({ world });
  for (const url of [`${history}/runs`, `${history}/runs/${await firstRun(simulator)}`, `${artifact}/assets`]) {
    expect((await askLearning(simulator, url, { method: 'DELETE' })).status).toBe(405);
  }
});

test('without a token it is 401, in the shape of this data plane', async () => {
  const simulator = await start({ world });
  const reply = await askLearning(simulator, `${history}/runs`, { headers: {} });
  expect([reply.status, reply.json]).toMatchObject([401, { error: { innerError: { code: 'Unauthorized' } } }]);
});

test('with the project go its run history, artifacts and notifications; the neighbour stays', async () => {
  const simulator = await start({ world });
  const link = (
    await askLearning(simulator, `${history}/runs/${await firstRun(simulator)}/artifacturi?name=outputs%2Fmetrics.json`)
  ).json;
  const before = simulator.world.learning.files.size;
  const project = `${arm}${experimentation}/experiments1/workspaces/workspace1/projects/project1?api-version=2017-05-01-preview`;
  await askLearning(simulator, project, { method: 'DELETE' });
  expect((await askLearning(simulator, `${history}/runs`)).status).toBe(404);
  expect(simulator.world.learning.files.size).toBe(before / 2);
  expect(String(link)).toContain('PLANTED-SECRET-sig');
  expect((await open(simulator, String(link))).status).toBe(404);
  expect((await readAll(simulator, `${projectBase('history', 'project2')}/runs`)).items).toHaveLength(6);
});

async function firstRun(simulator: Parameters<typeof askLearning>[0]): Promise<unknown> {
  const { items } = await readAll(simulator, `${history}/runs`);
  for (const { runId } of items) {
    const { items: artifacts } = await readAll(simulator, `${history}/runs/${runId}/artifacts`);
    if (artifacts.some(({ path }) => path === 'outputs/metrics.json')) return runId;
  }
  throw new Error('No run has that artifact.');
}
