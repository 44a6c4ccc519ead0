import { expect, test } from 'vitest';
import {
  arm,
  askLearning,
  experimentation,
  group,
  hosting,
  readAll,
  subscription,
  tokenOf,
} from './learning-asking.ts';
import { fetchReply, start } from './running.ts';

const version = 'api-version=2017-05-01-preview';
const world = {
  resources: [],
  experimentation: [{ workspaces: [{ projects: 3 }, { projects: 0 }] }, { location: 'West Europe' }],
  modelManagement: [{}],
};
const account = `${arm}${experimentation}/experiments1`;

test('accounts, workspaces and projects are listed, told one by one, and their names compare without regard to case', async () => {
  const simulator = await start({ world });
  const everywhere = `${arm}/subscriptions/${subscription}/providers/Microsoft.MachineLearningExperimentation/accounts`;
  for (const list of [everywhere, `${arm}${experimentation}`]) {
    const { items } = await readAll(simulator, `${list}?${version}`);
    expect(items.map(({ name }) => name)).toEqual(['experiments1', 'experiments2']);
  }
  const { items: projects } = await readAll(simulator, `${account}/workspaces/workspace1/projects?${version}`);
  expect(projects).toHaveLength(3);
  for (const { id } of projects) {
    const lower = `${arm}${String(id).toLowerCase()}?${version}`;
    expect((await askLearning(simulator, lower)).json).toMatchObject({ id });
  }
  const { items: workspaces } = await readAll(simulator, `${account}/workspaces?${version}`);
  expect(workspaces.map(({ name }) => name)).toEqual(['workspace1', 'workspace2']);
});

test('lists come in pages by absolute next links; nothing is lost when items vanish in between', async () => {
  const simulator = await start({
    world: { ...world, experimentation: [{ workspaces: [{ projects: 5 }] }], behaviour: { pageSize: 2 } },
  });
  const list = `${account}/workspaces/workspace1/projects?${version}`;
  expect((await readAll(simulator, list)).pages).toEqual([2, 2, 1]);
  const first = await askLearning(simulator, list);
  expect(first.json).toMatchObject({
    nextLink: expect.stringMatching(/^https:\/\/management\.azure\.com\/.*[?&]\$skiptoken=/),
  });
  await askLearning(simulator, `${account}/workspaces/workspace1/projects/project2?${version}`, { method: 'DELETE' });
  const { nextLink } = Object(first.json);
  const rest = await readAll(simulator, nextLink);
  expect(rest.items.map(({ name }) => name)).toEqual(['project3', 'project4', 'project5']);
});

test('a deletion is 200, repeated 204; a parent with children refuses with 409; after it the resource is 404', async () => {
  const simulator = await start({ world });
  const remove = async (url: string) =>
    (await askLearning(simulator, `${url}?${version}`, { method: 'DELETE' })).status;
  const refused = await askLearning(simulator, `${account}?${version}`, { method: 'DELETE' });
  expect([refused.status, refused.json]).toMatchObject([409, { error: { code: 'CannotDeleteResource' } }]);
  expect(await remove(`${account}/workspaces/workspace1`)).toBe(409);
  expect(simulator.world.learning.files.size).toBeGreaterThan(0);
  for (const ordinal of [1, 2, 3]) {
    const project = `${account}/workspaces/workspace1/projects/project${ordinal}`;
    expect([await remove(project), await remove(project)]).toEqual([200, 204]);
  }
  for (const name of ['workspace1', 'workspace2']) expect(await remove(`${account}/workspaces/${name}`)).toBe(200);
  expect([await remove(account), await remove(account)]).toEqual([200, 204]);
  const gone = await askLearning(simulator, `${account}?${version}`);
  expect(gone.json).toEqual({
    error: {
      code: 'ResourceNotFound',
      message:
        "The Resource 'Microsoft.MachineLearningExperimentation/accounts/experiments1' under resource group 'learning' was not found.",
    },
  });
  expect([gone.status, gone.headers.get('x-ms-failure-cause')]).toEqual([404, 'gateway']);
});

test('a collection is never deleted as a whole: 405', async () => {
  const simulator = await start({ world });
  for (const list of [experimentation, `${experimentation}/experiments1/workspaces`]) {
    const reply = await askLearning(simulator, `${arm}${list}?${version}`, { method: 'DELETE' });
    expect([reply.status, reply.json]).toMatchObject([405, { error: { code: 'HttpMethodNotAllowed' } }]);
  }
});

test.each([
  ['missing', '', 'MissingApiVersionParameter'],
  ['with a stray quote', '?api-version=2017-05-01-preview%22', 'InvalidApiVersionParameter'],
  ['of another provider', '?api-version=2017-09-01-preview', 'NoRegisteredProviderFound'],
])('an api-version %s is 400', async (_, query, code) => {
  const simulator = await start({ world });
  const reply = await askLearning(simulator, `${account}${query}`);
  expect([reply.status, reply.json]).toMatchObject([400, { error: { code } }]);
});

test('only a token for the resource manager signs in; a denied scope is 403', async () => {
  const simulator = await start({ world: { ...world, deniedScopes: [`${experimentation}/EXPERIMENTS2`] } });
  const status = async (headers: Record<string, string>) => {
    const reply = await askLearning(simulator, `${account}?${version}`, { headers });
    return [reply.status, Object(reply.json).error?.code];
  };
  expect(await status({})).toEqual([401, 'AuthenticationFailed']);
  expect(await status({ Authorization: 'Bearer x.y.z' })).toEqual([401, 'InvalidAuthenticationToken']);
  const vision = await tokenOf(simulator, 'https://cognitiveservices.azure.com/');
  expect(await status({ Authorization: `Bearer ${vision}` })).toEqual([401, 'InvalidAuthenticationToken']);
  const core = await tokenOf(simulator, 'https://management.core.windows.net/');
  expect(await status({ Authorization: `Bearer ${core}` })).toEqual([200, undefined]);
  const denied = await askLearning(simulator, `${arm}${experimentation}/experiments2?${version}`);
  expect([denied.status, denied.json]).toMatchObject([403, { error: { code: 'AuthorizationFailed' } }]);
});

test.each([
  [
    'resource group',
    `/subscriptions/${subscription}/resourceGroups/none/providers/Microsoft.MachineLearningExperimentation/accounts`,
    'ResourceGroupNotFound',
  ],
  [
    'subscription',
    '/subscriptions/none/providers/Microsoft.MachineLearningExperimentation/accounts',
    'SubscriptionNotFound',
  ],
  ['resource type', `${group}/providers/Microsoft.MachineLearningExperimentation/things`, 'InvalidResourceType'],
  [
    'route, as the singular resourceGroup',
    experimentation.replace('resourceGroups', 'resourceGroup'),
    'InvalidResourceType',
  ],
])('an unknown %s is 404', async (_, path, code) => {
  const simulator = await start({ world });
  const reply = await askLearning(simulator, `${arm}${path}?${version}`);
  expect([reply.status, reply.json]).toMatchObject([404, { error: { code } }]);
});

test('answers carry the headers of the resource manager; its buckets empty and refill', async () => {
  let now = Date.UTC(2026, 0, 1);
  const simulator = await start({ world, armThrottling: true, now: () => now });
  const headers = { 'x-ms-client-request-id': 'a1b2-c3', Authorization: `Bearer ${await tokenOf(simulator)}` };
  const first = await askLearning(simulator, `${account}?${version}`, { headers });
  expect(first.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
  expect(first.headers.get('x-ms-client-request-id')).toBe('a1b2c3');
  expect(first.headers.get('x-ms-routing-request-id')).toMatch(/^WESTEUROPE:20260101T000000Z:[0-9a-f-]{36}$/);
  const statuses = new Set<number>();
  for (let call = 0; call < 249; call += 1) {
    statuses.add((await askLearning(simulator, `${account}?${version}`, { headers })).status);
  }
  expect([...statuses]).toEqual([200]);
  const refused = await askLearning(simulator, `${account}?${version}`, { headers });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  now += 1_000;
  expect((await askLearning(simulator, `${account}?${version}`, { headers })).status).toBe(200);
});

test('a hosting account tells its data plane, unless it does not; deleted, it takes its models with it', async () => {
  const simulator = await start({ world: { ...world, modelManagement: [{}, { tellsHost: false }] } });
  const query = 'api-version=2017-09-01-preview';
  const { items } = await readAll(simulator, `${arm}${hosting}?${query}`);
  expect(items.map(({ properties }) => Object(properties).modelManagementSwaggerLocation)).toEqual([
    `https://eastus2.modelmanagement.azureml.net/api${group}/accounts/hosting-1/swagger.json`,
    undefined,
  ]);
  const remove = () => askLearning(simulator, `${arm}${hosting}/hosting-1?${query}`, { method: 'DELETE' });
  expect([(await remove()).status, (await remove()).status]).toEqual([200, 204]);
  expect((await askLearning(simulator, `${arm}${hosting}/hosting-1?${query}`)).status).toBe(404);
});

test('called directly, on its own address, it links to itself', async () => {
  const simulator = await start({ world: { ...world, behaviour: { pageSize: 1 } } });
  const headers = { Authorization: `Bearer ${await tokenOf(simulator)}` };
  const { json } = await fetchReply(`${simulator.url}${experimentation}?${version}`, { headers });
  expect(Object(json).nextLink).toMatch(new RegExp(`^${simulator.url}/`));
});
