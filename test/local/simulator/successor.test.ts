import { expect, test } from 'vitest';
import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import type { WorldOptions } from '../../../local/simulator/world/options.ts';
import { arm, askLearning, group, readAll, successorBase } from './learning-asking.ts';
import { found, open, start } from './running.ts';

const world: WorldOptions = { resources: [], successor: [{ runs: 9, reviewedRuns: 9, dataContainers: 'all' }] };
const history = successorBase('history/v1.0');
const artifact = successorBase('artifact/v2.0');
const registry = successorBase('modelmanagement/v1.0');

/** All items of a list that is asked for by posting its token back. */
async function queryAll(simulator: RunningSimulator, url: string, query: object = {}) {
  const items: Record<string, unknown>[] = [];
  let continuationToken: unknown = null;
  do {
    const { json } = await askLearning(simulator, url, { method: 'POST', body: { ...query, continuationToken } });
    items.push(...Object(json).value);
    continuationToken = Object(json).continuationToken;
  } while (continuationToken);
  return items;
}

const at = (name: unknown): string => `${history}/experiments/${encodeURIComponent(String(name))}`;

test('experiments, their runs and metrics are queried whole, page by page, and told one by one', async () => {
  const simulator = await start({ world: { ...world, behaviour: { pageSize: 2 } } });
  const experiments = await queryAll(simulator, `${history}/experiments:query`);
  expect(experiments).toHaveLength(2);
  const runIds: unknown[] = [];
  const metricIds: unknown[] = [];
  for (const { name, experimentId } of experiments) {
    expect((await askLearning(simulator, at(name))).json).toMatchObject({ experimentId });
    expect((await askLearning(simulator, `${history}/experimentids/${experimentId}`)).json).toMatchObject({ name });
    for (const { runId } of await queryAll(simulator, `${at(name)}/runs:query`)) {
      expect((await askLearning(simulator, `${at(name)}/runs/${runId}`)).json).toMatchObject({ experimentId });
      expect((await askLearning(simulator, `${at(name)}/runs/${runId}/details`)).json).toMatchObject({ runId });
      runIds.push(runId);
    }
    for (const { metricId } of await queryAll(simulator, `${at(name)}/metrics:query`)) {
      expect((await askLearning(simulator, `${at(name)}/metrics/${metricId}`)).json).toMatchObject({ metricId });
      metricIds.push(metricId);
    }
  }
  expect([new Set(runIds).size, new Set(metricIds).size]).toEqual([9, 9]);
  const [first] = runIds;
  const children = await readAll(simulator, `${at(experiments[0]?.name)}/runs/${first}/children`);
  expect(children.items.map(({ parentRunId }) => parentRunId)).toEqual([first]);
});

test('a query filters by equality, and refuses what it does not understand', async () => {
  const simulator = await start({ world });
  const [experiment] = await queryAll(simulator, `${history}/experiments:query`);
  const url = `${at(found(experiment).name)}/runs:query`;
  const [run] = await queryAll(simulator, url);
  expect(await queryAll(simulator, url, { filter: `RunId eq '${run?.runId}'` })).toEqual([run]);
  const refused = await askLearning(simulator, url, { method: 'POST', body: { filter: 'a lt 5' } });
  expect(refused.status).toBe(400);
});

test('tags can be deleted from a run and an experiment', async () => {
  const simulator = await start({ world });
  const [experiment] = await queryAll(simulator, `${history}/experiments:query`);
  const [run] = await queryAll(simulator, `${at(found(experiment).name)}/runs:query`);
  expect(found(run).tags).toHaveProperty('reviewer');
  const url = `${at(found(experiment).name)}/runs/${found(run).runId}`;
  const body = { tags: ['reviewer'] };
  expect((await askLearning(simulator, `${url}/tags`, { method: 'DELETE', body })).json).toMatchObject({ tags: {} });
  expect(Object((await askLearning(simulator, url)).json).tags).toEqual({});
  const tags = `${history}/experimentids/${found(experiment).experimentId}/tags`;
  expect((await askLearning(simulator, tags, { method: 'DELETE', body })).status).toBe(200);
});

test("a run's artifacts are listed under the run and in its container, with links to the same bytes", async () => {
  const now = () => Date.UTC(2026, 0, 1);
  const simulator = await start({ now, world: { ...world, behaviour: { pageSize: 1 } } });
  const [experiment] = await queryAll(simulator, `${history}/experiments:query`);
  for (const { runId, dataContainerId } of await queryAll(simulator, `${at(found(experiment).name)}/runs:query`)) {
    const run = `${at(found(experiment).name)}/runs/${runId}/artifacts`;
    const container = `${artifact}/artifacts/ExperimentRun/${dataContainerId}`;
    const { items } = await readAll(simulator, run);
    expect((await readAll(simulator, container)).items).toEqual(items);
    for (const item of items) {
      const path = `path=${encodeURIComponent(String(item.path))}`;
      for (const url of [`${run}/metadata?${path}`, `${container}/metadata?${path}`]) {
        expect((await askLearning(simulator, url)).json).toEqual(item);
      }
      const link = (await askLearning(simulator, `${run}/artifacturi?${path}`)).json;
      const info = (await askLearning(simulator, `${container}/contentinfo?${path}`)).json;
      expect((await askLearning(simulator, `${run}/contentinfo?${path}`)).json).toEqual(info);
      const bytes = await (await open(simulator, String(link))).text();
      expect(await (await open(simulator, Object(info).contentUri)).text()).toBe(bytes);
      expect((await askLearning(simulator, `${container}/content?${path}`)).text).toBe(bytes);
      expect((await readAll(simulator, `${run}/path?${path}`)).items).toEqual([item]);
      expect((await readAll(simulator, `${run}/prefix/contentinfo?${path}`)).items).toHaveLength(1);
    }
  }
});

test.each([true, false])('artifacts are deleted alone, by list or by container; with hardDelete %s', async (hard) => {
  const simulator = await start({ world: { resources: [], successor: [{ runs: 1, artifactsPerRun: 5 }] } });
  const [run] = [...simulator.world.learning.workspaces.values()].flatMap((own) => [...own.history.runs.values()]);
  const base = `${artifact}/artifacts/ExperimentRun/${found(run).id}`;
  const { items } = await readAll(simulator, base);
  const left = async () => (await readAll(simulator, base)).items.map(({ path }) => path);
  const files = simulator.world.learning.files.size;
  const [first, second, third, ...rest] = items.map(({ path }) => path);
  const one = `${base}/metadata?path=${encodeURIComponent(String(first))}&hardDelete=${hard}`;
  expect((await askLearning(simulator, one, { method: 'DELETE' })).status).toBe(200);
  expect((await askLearning(simulator, one, { method: 'DELETE' })).status).toBe(404);
  expect(await left()).toEqual([second, third, ...rest]);
  const body = { paths: [{ path: second }, { path: third }] };
  await askLearning(simulator, `${base}/batch/metadata:delete?hardDelete=${hard}`, { method: 'POST', body });
  expect(await left()).toEqual(rest);
  await askLearning(simulator, `${base}/batch?hardDelete=${hard}`, { method: 'DELETE' });
  expect(await left()).toEqual([]);
  expect(files - simulator.world.learning.files.size).toBe(hard ? 5 : 0);
});

test.each(['models', 'images', 'assets'])('%s are listed, told and deleted by id: 200, then 204', async (kind) => {
  const simulator = await start({ world: { ...world, behaviour: { pageSize: 1 } } });
  const { items, pages } = await readAll(simulator, `${registry}/${kind}`);
  expect(pages).toEqual(items.map(() => 1));
  expect(items.length).toBeGreaterThan(1);
  for (const { id, name } of items) {
    const url = `${registry}/${kind}/${encodeURIComponent(String(id))}`;
    expect((await askLearning(simulator, url)).json).toMatchObject({ id, name });
    const statuses = [];
    for (const method of ['DELETE', 'DELETE', 'GET'])
      statuses.push((await askLearning(simulator, url, { method })).status);
    expect(statuses).toEqual([200, 204, 404]);
  }
  expect((await readAll(simulator, `${registry}/${kind}`)).items).toEqual([]);
});

test('a service is deleted in the background, or at once where the world says so', async () => {
  const simulator = await start({ world });
  const url = `${registry}/services/service-1`;
  const accepted = await askLearning(simulator, url, { method: 'DELETE' });
  const location = found(accepted.headers.get('operation-location') ?? undefined);
  const states = [];
  for (let count = 0; count < 3; count += 1) states.push(Object((await askLearning(simulator, location)).json).state);
  expect([accepted.status, ...states]).toEqual([202, 'Running', 'Running', 'Succeeded']);
  expect((await askLearning(simulator, url)).status).toBe(404);
  expect((await askLearning(simulator, url, { method: 'DELETE' })).status).toBe(204);
  const other = await start({ world: { ...world, behaviour: { successorServiceDeletion: 'done' } } });
  expect((await askLearning(other, url, { method: 'DELETE' })).status).toBe(200);
});

test('models are also served at the host of Model Management; elsewhere and without a token nothing is', async () => {
  const simulator = await start({ world });
  const status = async (url: string, headers?: Record<string, string>) =>
    (await askLearning(simulator, url, headers && { headers })).status;
  expect(await status(registry.replace('.experiments.', '.modelmanagement.').concat('/models'))).toBe(200);
  expect(await status(`${registry.replace('eastus2', 'westus')}/models`)).toBe(404);
  expect(await status(`${registry}/models`, {})).toBe(401);
  expect(await status(`${history}/runs`)).toBe(404);
  expect(await status(`${at('none')}/runs/none`)).toBe(404);
  const whole = await askLearning(simulator, `${registry}/models`, { method: 'DELETE' });
  expect(whole.status).toBe(405);
});

test('with the workspace goes its data plane', async () => {
  const simulator = await start({ world });
  const url = `${arm}${group}/providers/Microsoft.MachineLearningServices/workspaces/successor-1?api-version=2018-03-01-preview`;
  await askLearning(simulator, url, { method: 'DELETE' });
  expect((await askLearning(simulator, `${registry}/models`)).status).toBe(404);
  expect(simulator.world.learning.files.size).toBe(0);
});
