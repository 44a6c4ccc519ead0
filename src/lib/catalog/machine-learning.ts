import { RUN_CONTAINER, RUN_PERSONS } from './experimentation-levels.ts';
import type { Branch, Family, Level } from './family.ts';
import { ARTIFACT, byPath, contentInformation, registryFamilies } from './machine-learning-registry.ts';
import type { Operation } from './operation.ts';

/*
 * The successor of the service of the first document: workspaces of Microsoft.MachineLearningServices, data plane of 2019-09-30
 * (shared/contracts/specs/mlservices-dataplane-*.json). That service is retired; its users have moved here.
 */
const specified = ['spec'] as const;
/** What stands in no row of the wire contracts names its specification (shared/contracts/specs), there by the operation's own name. */
const HISTORY = 'mlservices-dataplane-runHistory-2019-09-30.json';
const posted = { by: 'query-token', body: { top: 100 } } as const;

/** Where the specification has no deletion, only a person can erase. */
const WITH_WORKSPACE = {
  by: 'hand',
  sentence:
    'The specification of 2019-09-30 has no deletion of it: it goes with the workspace, which is deleted in the Azure portal.',
} as const;

const queryExperiments: Operation = {
  operation: 'Experiments_GetByQuery',
  base: 'history',
  route: 'POST /experiments:query',
  seed: 'extra',
  row: HISTORY,
  confidence: specified,
  paging: posted,
};
const queryRuns: Operation = {
  operation: 'Runs_GetByQuery',
  base: 'history',
  route: 'POST /experiments/{experimentName}/runs:query',
  seed: 'extra',
  row: HISTORY,
  confidence: specified,
  paging: posted,
};
const getRun: Operation = {
  operation: 'Runs_Get',
  base: 'history',
  route: 'GET /experiments/{experimentName}/runs/{runId}',
  seed: 'extra',
  row: HISTORY,
  confidence: specified,
};

const experiment: Level = { name: 'experiment', list: queryExperiments, identity: 'name', parameter: 'experimentName' };
const container: Level = {
  name: 'container',
  list: queryRuns,
  identity: RUN_CONTAINER.in,
  parameter: 'container',
  persons: RUN_PERSONS,
  // A container's address is the same whatever experiment its runs are of.
  contained: { ...RUN_CONTAINER, depth: 0 },
};

const experiments: Family = {
  family: 'ml-experiments',
  title: 'Experiments',
  target: 'machine-learning',
  within: [],
  list: [queryExperiments],
  identity: 'experimentId',
  parameter: 'experimentId',
  read: {
    operation: 'Experiments_GetById',
    base: 'history',
    route: 'GET /experimentids/{experimentId}',
    seed: 'extra',
    row: HISTORY,
    confidence: specified,
  },
  persons: { mentions: ['tags.*'] },
  erase: WITH_WORKSPACE,
  after: [],
};

const runs: Family = {
  family: 'ml-runs',
  title: 'Runs',
  target: 'machine-learning',
  within: [experiment],
  list: [queryRuns],
  identity: 'runId',
  parameter: 'runId',
  read: getRun,
  persons: RUN_PERSONS,
  erase: WITH_WORKSPACE,
  after: [],
};

const metrics: Family = {
  family: 'ml-run-metrics',
  title: 'Run metrics',
  target: 'machine-learning',
  within: [experiment],
  list: [
    {
      operation: 'RunMetrics_GetByQuery',
      base: 'history',
      route: 'POST /experiments/{experimentName}/metrics:query',
      seed: 'extra',
      row: HISTORY,
      confidence: specified,
      paging: posted,
    },
  ],
  identity: 'metricId',
  parameter: 'metricId',
  personsVia: { read: getRun, parameters: { runId: 'runId' }, persons: RUN_PERSONS },
  erase: WITH_WORKSPACE,
  after: [],
};

/** A run's own. */
const artifactCall = { ...byPath, constants: { origin: 'ExperimentRun' } } as const satisfies Partial<Operation>;

const artifacts: Family = {
  family: 'ml-artifacts',
  title: 'Artifacts of runs and their contents',
  target: 'machine-learning',
  within: [experiment, container],
  list: [
    {
      operation: 'Artifacts_ListInContainer',
      base: 'artifact',
      route: 'GET /artifacts/{origin}/{container}',
      seed: 'extra',
      row: ARTIFACT,
      confidence: specified,
      constants: { origin: 'ExperimentRun' },
      paging: { by: 'next-link', token: 'continuationToken' },
    },
  ],
  identity: 'path',
  parameter: 'path',
  liesIn: { container: 'container' },
  age: 'createdTime',
  bytes: [
    {
      via: {
        read: {
          ...contentInformation,
          ...artifactCall,
        },
        parameters: { path: 'path' },
      },
      member: 'contentUri',
      contentType: 'application/octet-stream',
    },
  ],
  erase: {
    by: 'call',
    operation: {
      ...artifactCall,
      operation: 'Artifacts_DeleteMetaData',
      route: 'DELETE /artifacts/{origin}/{container}/metadata',
      query: { hardDelete: 'true' },
    },
  },
  after: [],
  proof: {
    by: 'item',
    read: { ...artifactCall, operation: 'Artifacts_Get', route: 'GET /artifacts/{origin}/{container}/metadata' },
    control: queryExperiments,
  },
};

const workspace =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}';

export const machineLearning: Branch = {
  target: 'machine-learning',
  bases: {
    main: `https://{location}.experiments.azureml.net/modelmanagement/v1.0${workspace}`,
    history: `https://{location}.experiments.azureml.net/history/v1.0${workspace}`,
    artifact: `https://{location}.experiments.azureml.net/artifact/v2.0${workspace}`,
  },
  values: {
    location: 'location',
    subscriptionId: 'subscriptionId',
    resourceGroupName: 'resourceGroup',
    workspaceName: 'workspace',
  },
  hosts: ['.azureml.net'],
  families: [experiments, runs, metrics, artifacts, ...registryFamilies],
  byHand: [
    {
      what: 'Artifacts of other origins than ExperimentRun',
      sentence:
        'Artifacts are looked for where runs keep theirs, by the origin ExperimentRun and the run’s container. The specification takes any origin but lists neither origins nor containers: what was stored under another origin is exported where a registered model’s asset names it. The rest is read, and all of it erased, in the workspace’s storage account; where an asset’s bytes lie stands in its document.',
    },
    {
      what: 'The workspace, its storage account, key vault and registry',
      sentence: 'They are resources of their own, deleted in the Azure portal.',
    },
    {
      what: 'Container images',
      sentence:
        'The specification of 2019-09-30 has no calls for them: what a service says of its image stands in the service’s document, the image itself lies in the workspace’s container registry.',
    },
    {
      what: 'Notification tasks, data stores, pipelines and what was made in the visual interface',
      sentence:
        'The specifications of 2019-09-30 have no calls for them; Microsoft’s page on exporting and deleting workspace data names where they are read.',
    },
  ],
};
