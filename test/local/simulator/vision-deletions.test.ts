import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../../../local/simulator/world/snapshot.ts';
import { ask, firstProject, firstResource, found, start } from './running.ts';

const remove = { method: 'DELETE' };

describe('a published iteration', () => {
  test("refuses its own deletion and its project's until it is unpublished, which works once", async () => {
    const simulator = await start();
    const project = firstProject(simulator);
    const published = found([...project.iterations.values()].find(({ publishName }) => publishName));
    const path = `/projects/${project.id}/iterations/${published.id}`;
    for (const refusing of [path, `/projects/${project.id}`]) {
      const refused = await ask(simulator, refusing, remove);
      expect([refused.status, refused.json]).toEqual([
        400,
        expect.objectContaining({ code: 'BadRequestIterationIsPublished' }),
      ]);
    }
    expect((await ask(simulator, `${path}/publish`, remove)).status).toBe(204);
    expect((await ask(simulator, `${path}/publish`, remove)).json).toMatchObject({
      code: 'BadRequestIterationNotPublished',
    });
    expect((await ask(simulator, path, remove)).status).toBe(204);
    expect((await ask(simulator, path, remove)).json).toMatchObject({ code: 'NotFoundIteration' });
  });
});

describe('images', () => {
  test('deleted from the workspace live on in iterations until deleted there too', async () => {
    const simulator = await start({ world: { project: { iterations: { published: 0, trained: 1 } } } });
    const project = firstProject(simulator);
    const [iteration] = project.iterations.keys();
    const ids = [...project.workspace.images.keys()];
    const images = `/projects/${project.id}/images`;
    expect((await ask(simulator, `${images}?imageIds=${ids.join(',')}`, { ...remove, version: '3.0' })).status).toBe(
      204,
    );
    expect((await ask(simulator, `${images}/count`)).json).toBe(0);
    expect((await ask(simulator, `${images}/count?iterationId=${iteration}`)).json).toBe(ids.length + 1);
    const everywhere = await ask(simulator, `${images}?imageIds=${ids.join('%2C')}&allIterations=true`, remove);
    expect(everywhere.status).toBe(202);
    expect((await ask(simulator, `${images}/count?iterationId=${iteration}`)).json).toBe(ids.length + 1);
    await ask(simulator, '/projects');
    expect((await ask(simulator, `${images}/count?iterationId=${iteration}`)).json).toBe(1);
  });

  test('go all at once with allImages from 3.1 on, a few calls later; 3.0 does not know the option', async () => {
    const simulator = await start({ world: { behaviour: { callsUntilDeleted: 0 } } });
    const path = `/projects/${firstProject(simulator).id}/images`;
    const old = await ask(simulator, `${path}?allImages=true`, { ...remove, version: '3.0' });
    expect(old.json).toMatchObject({ code: 'BadRequestRequiredParamIsNull' });
    expect(
      (await ask(simulator, `${path}?allImages=true&allIterations=true`, { ...remove, version: '3.1' })).status,
    ).toBe(202);
    expect((await ask(simulator, `${path}/count`)).json).toBe(0);
    expect(snapshotOf(simulator.world).resources[0]?.projects[0]).toMatchObject({ images: 0, iterationImages: 0 });
  });

  test('at most 256 of them can be deleted by one call', async () => {
    const simulator = await start({ world: { project: { untaggedImages: 300 } } });
    const project = firstProject(simulator);
    const ids = [...project.workspace.images.keys()];
    const path = (count: number) => `/projects/${project.id}/images?imageIds=${ids.slice(0, count).join('%2C')}`;
    expect((await ask(simulator, path(257), remove)).json).toMatchObject({ code: 'BadRequestExceededBatchSize' });
    expect(project.workspace.images.size).toBe(ids.length);
    expect((await ask(simulator, path(256), remove)).status).toBe(204);
    expect(project.workspace.images.size).toBe(ids.length - 256);
    expect((await ask(simulator, path(256), remove)).json).toMatchObject({ code: 'NotFoundImage' });
  });

  test('unknown ids in a batch are ignored, or refuse it whole where the world says so', async () => {
    const gone = '00000000-0000-4000-a000-000000000000';
    for (const [unknownImageIds, status, left] of [
      ['ignored', 204, 7],
      ['refused', 400, 8],
    ] as const) {
      const simulator = await start({ world: { behaviour: { unknownImageIds } } });
      const project = firstProject(simulator);
      const [id] = project.workspace.images.keys();
      const reply = await ask(simulator, `/projects/${project.id}/images?imageIds=${gone},${id}`, remove);
      expect([reply.status, project.workspace.images.size]).toEqual([status, left]);
    }
  });
});

test('a deleted tag leaves its images untagged in the workspace and as they were in iterations', async () => {
  const simulator = await start({
    world: { project: { tags: 1, taggedImages: 4, untaggedImages: 0, iterations: { published: 0 } } },
  });
  const project = firstProject(simulator);
  const [tag] = project.workspace.tags.keys();
  const [iteration] = project.iterations.keys();
  const at = `/projects/${project.id}`;
  expect((await ask(simulator, `${at}/tags/${tag}`, remove)).status).toBe(204);
  expect((await ask(simulator, `${at}/images/untagged/count`)).json).toBe(4);
  expect((await ask(simulator, `${at}/images/tagged/count?iterationId=${iteration}`)).json).toBe(5);
  expect((await ask(simulator, `${at}/tags/${tag}?iterationId=${iteration}`)).json).toMatchObject({ imageCount: 5 });
  expect((await ask(simulator, `${at}/tags/${tag}`)).status).toBe(404);
});

test('the workspace and a project in disaster recovery mode refuse deletion', async () => {
  const simulator = await start({ world: { project: { drModeEnabled: true, iterations: { published: 0 } } } });
  const project = firstProject(simulator);
  const workspace = await ask(simulator, `/projects/${project.id}/iterations/${project.workspaceId}`, remove);
  expect(workspace.json).toMatchObject({ code: 'BadRequestWorkspaceNotDeletable' });
  const refused = await ask(simulator, `/projects/${project.id}`, remove);
  expect([refused.status, refused.json]).toEqual([403, expect.objectContaining({ code: 'ForbiddenDRModeEnabled' })]);
});

test('a deleted project takes its images along, leaves its exported models, and touches no neighbour', async () => {
  const simulator = await start({ world: { resources: [{ projects: 2 }], project: { iterations: { published: 0 } } } });
  const [before] = snapshotOf(simulator.world).resources;
  const project = firstProject(simulator);
  expect((await ask(simulator, `/projects/${project.id}`, remove)).status).toBe(204);
  expect((await ask(simulator, `/projects/${project.id}`, remove)).json).toMatchObject({ code: 'NotFoundProject' });
  const [after] = snapshotOf(simulator.world).resources;
  expect(after?.projects).toEqual(before?.projects.slice(1));
  expect(firstResource(simulator).exportedFiles.size).toBe(before?.exportedFiles);
});
