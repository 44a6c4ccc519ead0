import { expect, test } from 'vitest';
import { askLearning, group, readAll, registryBase } from './learning-asking.ts';
import { open, start } from './running.ts';

const version = 'api-version=2017-09-01-preview';
const world = { resources: [], modelManagement: [{ models: 5, manifests: 3, images: 3, services: 4 }] };
const kinds = [
  ['models', 5],
  ['manifests', 3],
  ['images', 3],
  ['services', 4],
] as const;

test.each(kinds)(
  '%s are listed over pages, told and deleted by id: 200, then 204; a collection is never deleted',
  async (kind, count) => {
    const simulator = await start({ world: { ...world, behaviour: { pageSize: 2 } } });
    const { items } = await readAll(simulator, `${registryBase}/${kind}?${version}`);
    expect(items).toHaveLength(count);
    expect((await askLearning(simulator, `${registryBase}/${kind}?${version}`, { method: 'DELETE' })).status).toBe(405);
    for (const { id } of items) {
      const url = `${registryBase}/${kind}/${id}?${version}`;
      expect((await askLearning(simulator, url)).json).toMatchObject({ id });
      const statuses = [];
      for (const method of ['DELETE', 'DELETE', 'GET'])
        statuses.push((await askLearning(simulator, url, { method })).status);
      expect(statuses).toEqual([200, 204, 404]);
    }
    expect((await readAll(simulator, `${registryBase}/${kind}?${version}`)).items).toEqual([]);
  },
);

test('by its name a service is not found, and its deletion changes nothing', async () => {
  const simulator = await start({ world });
  const url = `${registryBase}/services/service-1?${version}`;
  expect((await askLearning(simulator, url)).status).toBe(404);
  expect((await askLearning(simulator, url, { method: 'DELETE' })).status).toBe(204);
  expect((await readAll(simulator, `${registryBase}/services?${version}&serviceName=service-1`)).items).toHaveLength(1);
});

test.each(['$skipToken', '$skiptoken'] as const)(
  'next links spell their option as the world says: %s',
  async (name) => {
    const simulator = await start({ world: { ...world, behaviour: { pageSize: 2, skipTokenName: name } } });
    const { json } = await askLearning(simulator, `${registryBase}/models?${version}&count=1&unknown=x`);
    expect(Object(json).nextLink).toContain(`&${name}=`);
    expect(Object(json).nextLink.startsWith(`${registryBase}/models?api-version=`)).toBe(true);
    expect((await readAll(simulator, Object(json).nextLink)).pages).toEqual([1, 1, 1, 1]);
  },
);

test('of the models as many as asked for carry a person among their tags', async () => {
  const simulator = await start({ world: { resources: [], modelManagement: [{ models: 3, ownedModels: 2 }] } });
  const upns = simulator.world.learning.people.map(({ upn }) => upn);
  const { items } = await readAll(simulator, `${registryBase}/models?${version}`);
  const owners = items.map(({ tags }) => upns.filter((upn) => Object.values(Object(tags)).includes(upn)));
  expect(owners).toEqual([[upns[0]], [upns[1]], []]);
});

test("a model's bytes come by its link, until it is deleted", async () => {
  const simulator = await start({ world });
  const { items } = await readAll(simulator, `${registryBase}/models?${version}`);
  const url = String(items[0]?.url);
  expect((await (await open(simulator, url)).arrayBuffer()).byteLength).toBe(1_500);
  await askLearning(simulator, `${registryBase}/models/${items[0]?.id}?${version}`, { method: 'DELETE' });
  expect((await open(simulator, url)).status).toBe(404);
});

test('deployments are a bare array; services may spell their id ID; what is in use may refuse', async () => {
  const behaviour = { serviceIdSpelling: 'ID', referencedItems: 'refused' } as const;
  const simulator = await start({ world: { ...world, behaviour } });
  const { json } = await askLearning(simulator, `${registryBase}/deployments?${version}`);
  expect(json).toHaveLength(4);
  const { items } = await readAll(simulator, `${registryBase}/services?${version}`);
  expect(items.map(({ ID }) => typeof ID)).toEqual(['string', 'string', 'string', 'string']);
  const { items: images } = await readAll(simulator, `${registryBase}/images?${version}`);
  const refused = await askLearning(simulator, `${registryBase}/images/${images[0]?.id}?${version}`, {
    method: 'DELETE',
  });
  expect(refused.status).toBe(409);
});

test('an account that names another host answers there only, and links there', async () => {
  const dataHost = 'models-7.azureml.net';
  const simulator = await start({
    world: { resources: [], modelManagement: [{ dataHost }], behaviour: { pageSize: 1 } },
  });
  expect((await askLearning(simulator, `${registryBase}/models?${version}`)).status).toBe(404);
  const own = `https://${dataHost}/api${group}/accounts/hosting-1/models?${version}`;
  const { json } = await askLearning(simulator, own);
  expect(Object(json).nextLink).toMatch(/^https:\/\/models-7\.azureml\.net\//);
});

test.each([
  ['no token', `models?${version}`, {}, 401],
  ['a stray quote', `models?${version}%22`, undefined, 400],
  ['no version', 'models', undefined, 400],
  ['an unknown route', `things?${version}`, undefined, 404],
])('with %s it refuses in its own shape', async (_, path, headers, status) => {
  const simulator = await start({ world });
  const reply = await askLearning(simulator, `${registryBase}/${path}`, headers && { headers });
  expect(reply.status).toBe(status);
  expect(reply.json).toMatchObject({ code: expect.any(String), statusCode: status });
});
