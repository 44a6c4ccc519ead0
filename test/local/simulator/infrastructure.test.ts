import { expect, test } from 'vitest';
import { arm, askLearning, group, readAll, subscription } from './learning-asking.ts';
import { found, start } from './running.ts';

const services = `${arm}${group}/providers/Microsoft.MachineLearningServices/workspaces`;
const servicesVersion = 'api-version=2018-03-01-preview';
const clusters = `${arm}/subscriptions/${subscription}/resourcegroups/learning/providers/Microsoft.MachineLearningCompute/operationalizationClusters`;
const clusterVersion = 'api-version=2017-06-01-preview';
const world = { resources: [], computeWorkspaces: [{}], clusters: [{}, { secretInClear: true }] };
const computes = `${services}/computes-1/computes`;

test('workspaces are listed and told; their computes are sparse in lists, whole when asked for', async () => {
  const simulator = await start({ world });
  const { items: workspaces } = await readAll(simulator, `${services}?${servicesVersion}`);
  expect(workspaces.map(({ name }) => name)).toEqual(['computes-1']);
  expect((await askLearning(simulator, `${services}/computes-1?${servicesVersion}`)).json).toEqual(workspaces[0]);
  const { items } = await readAll(simulator, `${computes}?${servicesVersion}`);
  const types = new Set<unknown>();
  for (const { name, properties } of items) {
    expect(Object.keys(Object(properties)).sort()).toEqual([
      'computeType',
      'description',
      'provisioningState',
      'resourceId',
    ]);
    const { json } = await askLearning(simulator, `${computes}/${name}?${servicesVersion}`);
    expect(Object(json).properties).toMatchObject(Object(properties));
    expect(Object(json).properties.createdOn).toEqual(expect.any(String));
    types.add(Object(properties).computeType);
  }
  expect(types.size).toBe(5);
});

test('a compute is deleted in the background: 202, polled at two URLs, then gone; repeated it is 204', async () => {
  const simulator = await start({ world });
  const url = `${computes}/compute1?${servicesVersion}`;
  const accepted = await askLearning(simulator, url, { method: 'DELETE' });
  const again = await askLearning(simulator, url, { method: 'DELETE' });
  const status = found(accepted.headers.get('azure-asyncoperation') ?? undefined);
  const result = found(accepted.headers.get('location') ?? undefined);
  expect([accepted.status, again.status, again.headers.get('location')]).toEqual([202, 202, result]);
  expect(Object((await askLearning(simulator, url)).json).properties.provisioningState).toBe('Deleting');
  expect((await askLearning(simulator, status)).json).toMatchObject({ status: 'InProgress' });
  expect((await askLearning(simulator, result)).status).toBe(202);
  expect((await askLearning(simulator, status)).json).toMatchObject({ status: 'Succeeded' });
  expect((await askLearning(simulator, result)).status).toBe(200);
  expect((await askLearning(simulator, url)).status).toBe(404);
  expect((await askLearning(simulator, url, { method: 'DELETE' })).status).toBe(204);
});

test('clusters are listed sparsely, by group and by subscription, and show or hide their secret', async () => {
  const simulator = await start({ world });
  const everywhere = clusters.replace('/resourcegroups/learning', '');
  for (const list of [clusters, everywhere]) {
    const { items } = await readAll(simulator, `${list}?${clusterVersion}`);
    expect(items.map(({ id }) => String(id).includes('/resourcegroups/'))).toEqual([true, true]);
    expect(items.map(({ properties }) => Object(properties).storageAccount)).toEqual([undefined, undefined]);
  }
  const secretOf = async (name: string) => {
    const { json } = await askLearning(simulator, `${clusters}/${name}?${clusterVersion}`);
    return Object(json).properties.containerService.orchestratorProperties.servicePrincipal.secret;
  };
  expect(await secretOf('cluster-1')).toBe('<REDACTED>');
  expect(await secretOf('cluster-2')).toBe('PLANTED-SECRET-servicePrincipal.secret');
});

test("a cluster's deletion goes as recorded, and its managed resource group survives it", async () => {
  const simulator = await start({ world });
  const url = `${clusters}/cluster-1?${clusterVersion}`;
  const { json } = await askLearning(simulator, url);
  const managed = found(/resourcegroups\/([^/]+)/.exec(Object(json).properties.storageAccount.resourceId)?.[1]);
  expect(managed).toMatch(/^learning-azureml-[0-9a-f]{5}$/);
  const accepted = await askLearning(simulator, url, { method: 'DELETE' });
  const location = found(accepted.headers.get('location') ?? undefined);
  expect(accepted.status).toBe(202);
  expect(accepted.headers.get('azure-asyncoperation')).toBe(location);
  expect(accepted.headers.has('retry-after')).toBe(false);
  expect(accepted.headers.has('x-ms-ratelimit-remaining-subscription-writes')).toBe(true);
  expect(location).toMatch(/locations\/eastus2\/operationsStatus\/[0-9a-f-]{36}\?api-version=2017-06-01-preview$/);
  const polls = [];
  for (let count = 0; count < 4; count += 1) polls.push((await askLearning(simulator, location)).json);
  expect(polls.map((poll) => Object(poll).status)).toEqual(['Deleting', 'Deleting', 'Succeeded', 'Succeeded']);
  expect(polls[0]).toEqual({
    id: expect.stringMatching(/\/locations\/eastus2\/operationStatus\//),
    name: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 'Deleting',
    startTime: expect.any(String),
    percentComplete: 0,
  });
  expect(polls[3]).toMatchObject({ endTime: expect.any(String), error: {} });
  expect((await askLearning(simulator, url)).status).toBe(404);
  expect((await askLearning(simulator, url, { method: 'DELETE' })).status).toBe(204);
  const group = `${arm}/subscriptions/${subscription}/resourceGroups/${managed}?api-version=2021-04-01`;
  expect((await askLearning(simulator, group)).status).toBe(200);
});

test('a deletion that is answered but not done never ends', async () => {
  const simulator = await start({ world });
  const url = `${clusters}/cluster-1?${clusterVersion}`;
  simulator.faults.add({ match: { method: 'DELETE' }, fault: { kind: 'answeredButNotDone' }, times: 1 });
  const location = found(
    (await askLearning(simulator, url, { method: 'DELETE' })).headers.get('location') ?? undefined,
  );
  for (let count = 0; count < 5; count += 1) {
    expect((await askLearning(simulator, location)).json).toMatchObject({ status: 'Deleting' });
  }
  expect((await askLearning(simulator, url)).status).toBe(200);
});

test('an operation that nobody began is 404', async () => {
  const simulator = await start({ world });
  const url = `${arm}/subscriptions/${subscription}/providers/Microsoft.MachineLearningCompute/locations/eastus2/operationsStatus/none?${clusterVersion}`;
  expect((await askLearning(simulator, url)).status).toBe(404);
});

test('the workspace takes its computes with it', async () => {
  const simulator = await start({ world });
  const remove = () => askLearning(simulator, `${services}/computes-1?${servicesVersion}`, { method: 'DELETE' });
  expect([(await remove()).status, (await remove()).status]).toEqual([200, 204]);
  expect((await askLearning(simulator, `${computes}?${servicesVersion}`)).status).toBe(404);
});
