import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeWorld } from '../../../local/simulator/world/change.ts';
import { makeWorld } from '../../../local/simulator/world/make.ts';
import { snapshotOf } from '../../../local/simulator/world/snapshot.ts';

const few = fc.integer({ min: 0, max: 4 });
const sizes = fc.record({
  tags: few,
  taggedImages: few,
  untaggedImages: few,
  deletedImages: few,
  predictions: few,
  exports: few,
  iterations: fc.record({ published: few, trained: few, training: few, untrained: few }),
});

test('equal options give equal worlds of the asked sizes; another seed gives another', () => {
  fc.assert(
    fc.property(sizes, fc.string({ maxLength: 5 }), few, (project, seed, projects) => {
      const options = { seed, project, resources: [{ projects }] };
      const snapshot = snapshotOf(makeWorld(options));
      expect(snapshotOf(makeWorld(options))).toEqual(snapshot);
      const [resource] = snapshot.resources;
      expect(resource?.projects).toHaveLength(projects);
      const { published, trained, training, untrained } = project.iterations;
      expect(resource?.exportedFiles).toBe(projects * project.exports * (published + trained));
      for (const made of resource?.projects ?? []) {
        expect(made).toMatchObject({
          tags: project.tags,
          images: project.taggedImages + project.untaggedImages,
          iterations: published + trained + training + untrained,
          predictions: project.predictions,
        });
      }
      if (projects > 0) expect(snapshotOf(makeWorld({ ...options, seed: `${seed}!` }))).not.toEqual(snapshot);
    }),
    { numRuns: 40 },
  );
});

test("a project's own sizes stand before the common ones", () => {
  const world = makeWorld({
    project: { tags: 9, taggedImages: 1 },
    resources: [{ projects: [{ tags: 2 }, { name: 'Büro' }] }],
  });
  const [own, common] = snapshotOf(world).resources[0]?.projects ?? [];
  expect([own?.tags, own?.images, common?.tags, common?.name]).toEqual([2, 3, 9, 'Büro']);
});

test('each change by people alters the digest of its own project only', () => {
  const world = makeWorld({ resources: [{ projects: 2 }] });
  const [neighbour, changed] = snapshotOf(world).resources[0]?.projects ?? [];
  const projectId = changed?.id ?? '';
  const digests = new Set([changed?.digest]);
  const [imageId = ''] = changeWorld(world, { change: 'addImages', projectId }).ids;
  const [iterationId = ''] = changeWorld(world, { change: 'train', projectId }).ids;
  for (const change of [
    () => changeWorld(world, { change: 'publish', projectId, iterationId, name: 'again' }),
    () => changeWorld(world, { change: 'deleteImages', projectId, imageIds: [imageId] }),
    () => changeWorld(world, { change: 'addImages', projectId, count: 3, tagged: false }),
  ]) {
    expect(change().ids.length).toBeGreaterThan(0);
    const [still, now] = snapshotOf(world).resources[0]?.projects ?? [];
    expect(still).toEqual(neighbour);
    expect(digests.has(now?.digest)).toBe(false);
    digests.add(now?.digest);
  }
  changeWorld(world, { change: 'deleteProject', projectId });
  changeWorld(world, { change: 'addProject', sizes: { name: 'late' } });
  expect(snapshotOf(world).resources[0]?.projects.map(({ name }) => name)).toEqual(['Project 1', 'late']);
  expect(() => changeWorld(world, { change: 'train', projectId })).toThrow('No project');
});
