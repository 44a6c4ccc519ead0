import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeWorld } from '../../../local/simulator/world/change.ts';
import { plantedSecrets } from '../../../local/simulator/world/learning/secrets.ts';
import { makeWorld } from '../../../local/simulator/world/make.ts';
import { snapshotOf } from '../../../local/simulator/world/snapshot.ts';
import { arm, askLearning, experimentation, group, projectBase, readAll, successorBase } from './learning-asking.ts';
import { ask, found, start } from './running.ts';

const few = fc.integer({ min: 0, max: 4 });
const historySizes = fc.record({
  experiments: few,
  runs: few,
  artifactsPerRun: few,
  metricsPerRun: few,
  assets: few,
  jobsPerPerson: few,
  wildNames: fc.boolean(),
});
const registrySizes = fc.record({ models: few, manifests: few, images: few, services: few });

test('equal options give equal worlds of the asked sizes', () => {
  fc.assert(
    fc.property(historySizes, registrySizes, few, (sizes, registry, projects) => {
      const options = {
        resources: [],
        experimentation: [{ workspaces: [{ projects: Array.from({ length: projects }, () => sizes) }] }],
        modelManagement: [registry],
        successor: [{ ...sizes, models: registry.models, images: registry.images, services: registry.services }],
      };
      const { learning } = snapshotOf(makeWorld(options));
      expect(snapshotOf(makeWorld(options)).learning).toEqual(learning);
      const { experiments, runs, assets } = sizes;
      const counts = {
        ...{ experiments, runs, assets, jobs: 3 * sizes.jobsPerPerson },
        metrics: runs * sizes.metricsPerRun,
        artifacts: runs * sizes.artifactsPerRun,
      };
      const made = learning.experimentationAccounts[0]?.projects ?? [];
      expect(made).toHaveLength(projects);
      for (const project of made) expect(project).toMatchObject(counts);
      expect(learning.hostingAccounts).toMatchObject([registry]);
      expect(learning.workspaces).toMatchObject([{ ...counts, models: registry.models }]);
      const files = (projects + 1) * counts.artifacts + 2 * registry.models + registry.manifests;
      expect(learning.files).toBe(files);
    }),
    { numRuns: 30 },
  );
});

test('each change by people alters the digest of its own history or account only, and never uses an id again', () => {
  const world = makeWorld({ experimentation: [{ workspaces: [{ projects: 2 }] }], modelManagement: [{}, {}] });
  const digests = () => {
    const { experimentationAccounts, hostingAccounts } = snapshotOf(world).learning;
    return [...experimentationAccounts.flatMap(({ projects }) => projects), ...hostingAccounts].map(
      ({ digest }) => digest,
    );
  };
  const [ada] = world.learning.people;
  const history = 'experiments1/workspace1/project2';
  const changes = [
    { change: 'addRuns', history, count: 2, objectId: found(ada).objectId },
    { change: 'addRuns', history },
    { change: 'addJobs', history, objectId: found(ada).objectId },
    { change: 'addModels', account: 'hosting-2' },
  ] as const;
  for (const [index, change] of changes.entries()) {
    const before = digests();
    const { ids } = changeWorld(world, change);
    expect(new Set(ids).size).toBe('count' in change ? change.count : 1);
    const changed = digests().map((digest, place) => digest !== before[place]);
    expect(changed).toEqual(index < 3 ? [false, true, false, false] : [false, false, false, true]);
  }
  const { registry } = found([...world.learning.hostingAccounts.values()][0]);
  const known = [...registry.models.keys()];
  registry.models.clear();
  expect(known).not.toContain(changeWorld(world, { change: 'addModels', account: 'hosting-1' }).ids[0]);
  expect(() => changeWorld(world, { change: 'addRuns', history: 'none/none/none' })).toThrow('No run history');
  expect(() => changeWorld(world, { change: 'addJobs', history, objectId: 'none' })).toThrow('No person');
  expect(() => changeWorld(world, { change: 'addModels', account: 'none' })).toThrow('No account');
});

test('a run that is added shows at the end of the list, also to somebody who is in the middle of it', async () => {
  const simulator = await start({ world: { experimentation: [{}], behaviour: { pageSize: 4 } } });
  const first = await askLearning(simulator, `${projectBase('history')}/runs`);
  const { ids } = changeWorld(simulator.world, { change: 'addRuns', history: 'experiments1/workspace1/project1' });
  const { items } = await readAll(simulator, Object(first.json).nextLink);
  expect(items.map(({ runId }) => runId).at(-1)).toBe(ids[0]);
  expect(items).toHaveLength(3);
});

test('every marker of a secret is really answered somewhere', async () => {
  const simulator = await start({
    world: {
      experimentation: [{}],
      computeWorkspaces: [{}],
      clusters: [{ secretInClear: true }],
      successor: [{}],
    },
  });
  const texts = [(await ask(simulator, '/account', { version: '1.2' })).text];
  const collect = async (url: string) => texts.push((await askLearning(simulator, url)).text);
  await collect(`${arm}${experimentation}/experiments1?api-version=2017-05-01-preview`);
  await collect(`${projectBase('history')}/runs`);
  const computes = `${arm}${group}/providers/Microsoft.MachineLearningServices/workspaces/computes-1/computes`;
  for (const ordinal of [1, 4, 5]) await collect(`${computes}/compute${ordinal}?api-version=2018-03-01-preview`);
  const clusters = `${arm}${group}/providers/Microsoft.MachineLearningCompute/operationalizationClusters`;
  await collect(`${clusters}/cluster-1?api-version=2017-06-01-preview`);
  const successor = successorBase('modelmanagement/v1.0');
  await collect(`${successor}/models`);
  await collect(`${successor}/services`);
  const all = texts.join('\n');
  expect(plantedSecrets.filter((marker) => !all.includes(marker))).toEqual([]);
});
