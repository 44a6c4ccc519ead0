import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ask, firstProject, firstResource, found, start } from './running.ts';

const documents = z.array(z.looseObject({ id: z.string() }));
const versions = ['3.0', '3.1', '3.3'];
const idsOf = (json: unknown) => documents.parse(json).map(({ id }) => id);

describe.each(versions)('Custom Vision Training %s', (version) => {
  test('shows projects, iterations, tags, images, exports and performance as published', async () => {
    const simulator = await start({
      world: { resources: [{ projects: 2 }], project: { iterations: { training: 1, untrained: 1 } } },
    });
    for (const project of firstResource(simulator).projects.values()) {
      const at = `/projects/${project.id}`;
      const [trained] = project.iterations.keys();
      const [tag] = project.workspace.tags.keys();
      const paths = [
        '/projects',
        at,
        `${at}/iterations`,
        `${at}/iterations/${trained}`,
        `${at}/iterations/${trained}/performance?threshold=0.9`,
        `${at}/iterations/${trained}/export`,
        `${at}/tags`,
        `${at}/tags/${tag}`,
        `${at}/images/tagged?iterationId=${trained}`,
        `${at}/images/untagged`,
        `${at}/images/id?imageIds=${[...project.workspace.images.keys()].join('%2C')}`,
        `${at}/images/tagged/count`,
        `${at}/images/untagged/count?iterationId=${trained}`,
      ];
      for (const path of paths) expect([path, (await ask(simulator, path, { version })).status]).toEqual([path, 200]);
    }
  });

  test('counts what it lists, in the workspace and in an iteration', async () => {
    const simulator = await start({ world: { project: { taggedImages: 61, untaggedImages: 3 } } });
    const project = firstProject(simulator);
    const [iteration] = project.iterations.keys();
    for (const scope of ['', `&iterationId=${iteration}`]) {
      for (const status of ['tagged', 'untagged']) {
        const images = await ask(simulator, `/projects/${project.id}/images/${status}?take=256${scope}`, { version });
        const count = await ask(simulator, `/projects/${project.id}/images/${status}/count?${scope}`, { version });
        expect(count.json).toBe(idsOf(images.json).length);
      }
    }
  });

  test('pages by skip and take, 50 by default and 256 at most, each image once', async () => {
    const simulator = await start({ world: { project: { taggedImages: 120 } } });
    const at = `/projects/${firstProject(simulator).id}/images/tagged`;
    const pages = await Promise.all([0, 50, 100].map((skip) => ask(simulator, `${at}?skip=${skip}`, { version })));
    const ids = pages.map(({ json }) => idsOf(json));
    expect(ids.map((page) => page.length)).toEqual([50, 50, 20]);
    expect(new Set(ids.flat()).size).toBe(120);
    const oldest = await ask(simulator, `${at}?take=256&orderBy=Oldest`, { version });
    expect(idsOf(oldest.json)).toEqual(ids.flat().reverse());
    expect((await ask(simulator, `${at}?take=257`, { version })).json).toMatchObject({
      code: 'BadRequestExceededBatchSize',
    });
  });
});

test('GetImages and GetImageCount exist from 3.3 on and are unknown before', async () => {
  const simulator = await start();
  const at = `/projects/${firstProject(simulator).id}/images`;
  for (const path of [`${at}?taggingStatus=Untagged`, `${at}/count?taggingStatus=All`]) {
    const statuses = await Promise.all(
      versions.map(async (version) => (await ask(simulator, path, { version })).status),
    );
    expect(statuses).toEqual([404, 404, 200]);
  }
  expect(idsOf((await ask(simulator, at)).json)).toHaveLength(8);
});

test('paths match in any case, tag filters are joined by or, and unknown options are ignored', async () => {
  const simulator = await start({ world: { project: { taggedImages: 40 } } });
  const { host, keys } = firstResource(simulator);
  const project = firstProject(simulator);
  const headers = { 'X-Forwarded-Host': host.toUpperCase(), 'Training-Key': keys[1] };
  const shouted = `${simulator.url}//CustomVision/V3.0/Training/Projects/${project.id.toUpperCase()}/Tags?$colour=red`;
  const tags = idsOf(await (await fetch(shouted, { headers })).json());
  expect(tags).toHaveLength(3);
  const [first, second] = tags;
  const images = await ask(simulator, `/projects/${project.id}/images/tagged?take=256&tagIds=${first},${second}`);
  const wanted = [...project.workspace.images.values()].filter(
    ({ tagIds }) => tagIds.includes(found(first)) || tagIds.includes(found(second)),
  );
  expect(idsOf(images.json).sort()).toEqual(wanted.map(({ id }) => id).sort());
});

test('an iteration in training first has no platforms and no date, and is completed after some reads', async () => {
  const simulator = await start({ world: { project: { iterations: { published: 0, trained: 0, training: 1 } } } });
  const project = firstProject(simulator);
  const [id] = project.iterations.keys();
  const path = `/projects/${project.id}/iterations/${id}`;
  expect((await ask(simulator, path, { method: 'DELETE' })).json).toMatchObject({
    code: 'BadRequestTrainingAlreadyInProgress',
  });
  expect((await ask(simulator, `${path}/performance`)).json).toMatchObject({ code: 'BadRequestIterationIsNotTrained' });
  const [first, second] = [await ask(simulator, path), await ask(simulator, path)];
  expect(first.json).toMatchObject({ status: 'Training', exportableTo: [], publishName: null });
  expect(first.json).not.toHaveProperty('trainedAt');
  expect(second.json).toMatchObject({ status: 'Completed', trainedAt: expect.any(String) });
});

test('a model being exported has no link until it is done', async () => {
  const simulator = await start({
    world: { project: { exports: 2, exporting: 1 }, behaviour: { readsUntilReady: 1 } },
  });
  const project = firstProject(simulator);
  const path = `/projects/${project.id}/iterations/${[...project.iterations.keys()][0]}/export`;
  const done = { status: 'Done', downloadUri: expect.any(String) };
  expect((await ask(simulator, path)).json).toMatchObject([done, { status: 'Exporting', downloadUri: null }]);
  expect((await ask(simulator, path)).json).toMatchObject([done, done]);
});

test.each([
  ['/projects/00000000-0000-4000-a000-000000000000', 'GET', 'NotFoundProject'],
  ['/projects/{project}/iterations/00000000-0000-4000-a000-000000000000', 'GET', 'NotFoundIteration'],
  ['/projects/{project}/tags/00000000-0000-4000-a000-000000000000', 'DELETE', 'NotFoundTag'],
  ['/projects/{project}/images/tagged?iterationId=00000000-0000-4000-a000-000000000000', 'GET', 'NotFoundIteration'],
])('%s answers 404 to %s with the code %s', async (path, method, code) => {
  const simulator = await start();
  const reply = await ask(simulator, path.replace('{project}', firstProject(simulator).id), { method });
  expect([reply.status, reply.json]).toEqual([404, { code, message: expect.any(String) }]);
});

test.each([
  ['DELETE', '/projects'],
  ['DELETE', '/projects/{project}/tags'],
  ['DELETE', '/projects/{project}/iterations'],
  ['GET', '/account'],
  ['GET', '/nothing/here'],
])('there is no %s %s', async (method, path) => {
  const simulator = await start();
  const before = firstResource(simulator).projects.size;
  const reply = await ask(simulator, path.replace('{project}', firstProject(simulator).id), { method });
  expect(reply.status).toBe(404);
  expect(firstResource(simulator).projects.size).toBe(before);
});
