import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectQueuesEmpty, outcomesOf } from './support/account.ts';
import { accountOf, approveIfAsked } from './support/erasure.ts';
import { maskedJson } from './support/given.ts';
import { accountNamed, hostingNamed, linkTo, personAt, projectKeys, projectsOf } from './support/learning-world.ts';
import { openPackage } from './support/package.ts';
import { exampleBody, recordedBody } from './support/recorded.ts';
import { type Stage, startStage } from './support/stage.ts';
import { hostOf } from './support/targets.ts';
import { found } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

let stage: Stage;
beforeAll(async () => {
  const project = { people: [0], runs: 2, artifactsPerRun: 1, experiments: 1, assets: 1 };
  const accounts = ['shapes', 'examples'];
  stage = await startStage({
    targets: [{ name: 'vision-examples' }, { name: 'vision-recorded' }],
    managed: [
      ...accounts.map((account) => ({ kind: 'experimentation', name: account, account }) as const),
      { kind: 'model-management', name: 'linked', account: 'linked' },
      { kind: 'computes', name: 'computes', workspace: 'computes' },
      { kind: 'clusters', name: 'clusters', resourceGroup: 'published' },
      { kind: 'clusters', name: 'recorded', resourceGroup: 'recorded' },
    ],
    world: {
      experimentation: accounts.map((name) => ({
        name,
        workspaces: [{ name: 'alpha', projects: [{ name: 'one', ...project }] }],
      })),
      modelManagement: [{ name: 'linked', models: 1 }],
      computeWorkspaces: [{ name: 'computes' }],
      clusters: [{ resourceGroup: 'published' }, { resourceGroup: 'recorded' }],
    },
  });
});
afterAll(() => stage?.stop());

/** Answers of operations below a path, from now on. */
function answerWith(where: { host?: string; pathPattern?: string }, answers: Readonly<Record<string, unknown>>): void {
  for (const [operation, json] of Object.entries(answers)) {
    stage.simulator.faults.add({ match: { ...where, operation }, fault: { kind: 'answerWith', json } });
  }
}

async function exported(targets: readonly string[], families: readonly string[] | 'all') {
  const { objectId } = personAt(stage, 0);
  const id = await stage.portal.begin({
    action: 'export',
    targets,
    families,
    subject: { reference: 't', objectId },
  });
  await approveIfAsked(stage, id);
  const ended = await accountOf(stage, id);
  return { ...ended, ...(await openPackage(stage, id)) };
}

type Exported = Awaited<ReturnType<typeof exported>>;
const documentsOf = ({ documents }: Pick<Exported, 'documents'>, family: string) =>
  documents.filter(({ key }) => key.startsWith(`${family}/`));

const elementsOf = (body: unknown): unknown[] => {
  const list = body !== null && typeof body === 'object' && 'value' in body ? body.value : body;
  expect(Array.isArray(list)).toBe(true);
  return Array.isArray(list) ? list : [];
};

test.concurrent('answers of another shape than was inferred are kept whole, and flagged', async () => {
  const odd = {
    ListExperiments: { experiments: [{ experimentId: 'e1' }], total: 1 },
    ListRunMetrics: [{ metric: 'accuracy', cells: [1] }, 'a text', 5, null],
    ListAssets: { value: [{ title: 'without id and name', parts: [{ a: 1 }] }] },
    ListJobs: 'no jobs today',
    ListArtifacts: { value: [{ artifactId: 'ExperimentRun/x/y', note: 'no path' }], count: 1 },
    GetContentInformation: { uri: 'https://somewhere.blob.core.windows.net/x' },
  };
  answerWith({ pathPattern: 'accounts/shapes/' }, odd);
  const all = await exported(['shapes'], 'all');
  const held = (family: string) => documentsOf(all, family).map(({ document, flags }) => ({ document, flags }));
  const flagged = ['unexpected-shape', 'no-identity'];
  expect(held('exp-experiments')).toEqual([{ document: odd.ListExperiments, flags: flagged }]);
  expect(held('exp-run-metrics')).toEqual(odd.ListRunMetrics.map((document) => ({ document, flags: flagged })));
  expect(held('exp-assets')).toEqual([{ document: odd.ListAssets.value[0], flags: ['no-identity'] }]);
  expect(held('exp-notifications')).toEqual([{ document: odd.ListJobs, flags: flagged }]);
  // The same element in the container of either run.
  expect(held('exp-artifacts')).toEqual(
    [1, 2].flatMap(() => [
      { document: odd.ListArtifacts.value[0], flags: undefined },
      { document: odd.GetContentInformation, flags: ['unexpected-shape'] },
    ]),
  );
  for (const [key, outcome] of all.outcomes)
    expect(outcome, key).toBe(key.startsWith('exp-artifacts') ? 'refused' : 'saved');
  expect(all.view.state, 'the bytes of artifacts had no link').toBe('partially-completed');
  const placed = found(projectsOf(accountNamed(stage, 'shapes'))[0]);
  const runs = projectKeys(placed)['exp-runs'];
  expect(
    documentsOf(all, 'exp-runs')
      .map(({ key }) => key)
      .sort(),
  ).toEqual(runs);
});

test.concurrent('models and assets of manifests whose links lead elsewhere, or nowhere, are kept and said to lack their bytes', async () => {
  const { world } = stage.simulator;
  const [model] = [...hostingNamed(stage, 'linked').registry.models.values()];
  const good = linkTo(world, found(model).file);
  const strange = [
    'https://models.evil.example/m.zip?sig=PLANTED',
    'http://x.blob.core.windows.net/m.zip',
    'aml://asset/0123',
    '/m.zip',
    '',
    null,
    7,
  ];
  const models = strange.map((url, index) => ({ id: `m${index}`, name: 'churn', url, mimeType: 'application/zip' }));
  const gone = `https://${world.blobHost}/l-gone/score.py?sig=PLANTED`;
  const manifests = [
    { id: 'whole', assets: [{ url: good }, { url: good }] },
    { id: 'none', assets: [] },
    { id: 'silent' },
    { id: 'half', assets: [{ url: good }, { id: 'driver' }] },
    { id: 'strange', assets: 'see the wiki' },
    { id: 'gone', assets: [{ url: gone }] },
  ];
  const answers = {
    ListModels: { value: [...models, { id: 'good', url: good }] },
    ListManifests: { value: manifests },
  };
  answerWith({ pathPattern: 'accounts/linked/' }, answers);
  const all = await exported(['linked'], ['mm-models', 'mm-manifests']);
  expect(all.view.state).toBe('partially-completed');
  const said = (family: string) =>
    Object.fromEntries(
      [...outcomesOf(all.ledgers, family).values()].map(({ key, outcome, reason, contents = [] }) => [
        key.slice(family.length + 1),
        [outcome, contents.length, ...(reason === undefined ? [] : [reason])],
      ]),
    );
  const nowhere = 'Download: the link leads where none may be followed';
  const without = 'The answer has no "url" that leads to its bytes.';
  expect(said('mm-models')).toEqual({
    ...Object.fromEntries(models.map(({ id }, index) => [id, ['refused', 0, index < 4 ? nowhere : without]])),
    good: ['saved', 1],
  });
  expect(said('mm-manifests')).toEqual({
    whole: ['saved', 2],
    none: ['saved', 0],
    silent: ['saved', 0],
    half: ['refused', 1, 'The answer has no "assets.1.url" that leads to its bytes.'],
    strange: ['refused', 0, 'The answer has no "assets.0.url" that leads to its bytes.'],
    gone: ['refused', 0, 'Download: 403 AuthenticationFailed'],
  });
  expect(documentsOf(all, 'mm-models')).toHaveLength(models.length + 1);
  expect(documentsOf(all, 'mm-manifests')).toHaveLength(manifests.length);
  expect(all.text).not.toContain('PLANTED');
  expect(stage.simulator.calls.list.map(({ host }) => host)).not.toContain('models.evil.example');
});

describe('bodies from elsewhere come out complete', () => {
  const arm = 'machinelearning';
  const experimentation = `${arm}experimentation-2017-05-01-preview`;
  const vision = 'customvision-training-v3.0';

  test.concurrent('the published examples of experimentation accounts, computes and clusters', async () => {
    const bodies = {
      Accounts_Get: exampleBody(`${experimentation}/GetAccount`),
      Workspaces_ListByAccounts: exampleBody(`${experimentation}/ListWorkspacesByAccounts`),
      Projects_ListByWorkspace: exampleBody(`${experimentation}/ProjectListByWorkspaces`),
    };
    // Where the examples of these lists lead on, a placeholder stands: "nextLink", "https://the.next/link".
    const last = (body: unknown) => ({ value: elementsOf(body) });
    const compute = {
      MachineLearningCompute_ListByWorkspace: last(exampleBody(`${arm}services-2018-03-01-preview/getComputes`)),
      MachineLearningCompute_Get: exampleBody(`${arm}services-2018-03-01-preview/getAKSCompute`),
    };
    const cluster = {
      OperationalizationClusters_ListByResourceGroup: last(
        exampleBody(`${arm}compute-2017-06-01-preview/OperationalizationClusters_ListByResourceGroup`),
      ),
      OperationalizationClusters_Get: exampleBody(`${arm}compute-2017-06-01-preview/OperationalizationClusters_Get`),
    };
    answerWith({ pathPattern: 'accounts/examples' }, bodies);
    answerWith({ pathPattern: 'workspaces/computes' }, compute);
    answerWith({ pathPattern: 'resourceGroups/published/' }, cluster);
    const families = [
      'exp-account',
      'exp-workspaces',
      'exp-projects',
      'compute-clusters',
      'operationalization-clusters',
    ];
    const workspaces = elementsOf(bodies.Workspaces_ListByAccounts);
    expectDocuments(await exported(['examples', 'computes', 'clusters'], families), {
      'exp-account': [bodies.Accounts_Get],
      'exp-workspaces': workspaces,
      'exp-projects': workspaces.flatMap(() => elementsOf(bodies.Projects_ListByWorkspace)),
      'compute-clusters': compute.MachineLearningCompute_ListByWorkspace.value.map(
        () => compute.MachineLearningCompute_Get,
      ),
      'operationalization-clusters': cluster.OperationalizationClusters_ListByResourceGroup.value.map(
        () => cluster.OperationalizationClusters_Get,
      ),
    });
  });

  test.concurrent('recorded clusters', async () => {
    const read = recordedBody('GetCluster', /operationalizationClusters\//);
    const bodies = {
      OperationalizationClusters_ListByResourceGroup: {
        value: [recordedBody('ListClustersInResourceGroup', /operationalizationClusters\//)],
      },
      OperationalizationClusters_Get: read,
    };
    answerWith({ pathPattern: 'resourceGroups/recorded/' }, bodies);
    expectDocuments(await exported(['recorded'], 'all'), { 'operationalization-clusters': [read] });
  });

  test.concurrent.each([
    [
      'published',
      'vision-examples',
      () => ({
        GetProjects: exampleBody(`${vision}/GetProjects`),
        GetIterations: exampleBody(`${vision}/GetIterations`),
        GetIterationPerformance: exampleBody(`${vision}/GetIterationPerformance`),
        GetTags: exampleBody(`${vision}/GetTags`),
      }),
    ],
    [
      'recorded',
      'vision-recorded',
      () => ({
        GetProjects: recordedBody('ProjectRetrieval', /projects$/),
        GetIterations: recordedBody('GetIterations', /iterations$/),
        GetIterationPerformance: recordedBody('GetIterationPerformance', /performance/),
        GetTags: recordedBody('TagRetrieval', /tags$/),
      }),
    ],
  ])('%s projects, iterations with performance and tags of Custom Vision', async (_, target, bodies) => {
    const given = bodies();
    answerWith({ host: hostOf(target) }, given);
    const projects = elementsOf(given.GetProjects);
    const all = await exported([target], ['cv-projects', 'cv-iterations', 'cv-tags']);
    const each = (body: unknown) => projects.flatMap(() => elementsOf(body));
    const trained = each(given.GetIterations).filter((one) => JSON.stringify(one).includes('"status":"Completed"'));
    expectDocuments(all, {
      'cv-projects': projects,
      'cv-iterations': [...each(given.GetIterations), ...trained.map(() => given.GetIterationPerformance)],
      'cv-tags': each(given.GetTags),
    });
  });
});

/** Everything is saved, and the package's documents are these and no others. */
function expectDocuments(all: Exported, wanted: Readonly<Record<string, readonly unknown[]>>): void {
  expect(all.view.state).toBe('completed');
  expect(new Set(all.outcomes.values())).toEqual(new Set(['saved']));
  for (const [family, bodies] of Object.entries(wanted)) {
    expect(bodies.length, family).toBeGreaterThan(0);
    const documents = documentsOf(all, family).map(({ document }) => JSON.stringify(document));
    expect(documents.sort(), family).toEqual(bodies.map(maskedJson).sort());
  }
}

test('leaves nothing behind: no message, no answer against the specifications', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
});
