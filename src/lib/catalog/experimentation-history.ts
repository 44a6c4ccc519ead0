import {
  getRun,
  inferredList,
  inProject,
  listRuns,
  project,
  projectRoute,
  RUN_PERSONS,
  run,
  workspace,
} from './experimentation-levels.ts';
import type { Family } from './family.ts';

/* Run history of a project: endpoints.md, rows 22-28. No shape is documented: each document is read by itself, as the source document says. */
const runs: Family = {
  ...inProject,
  family: 'exp-runs',
  title: 'Run history items',
  list: [listRuns],
  identity: 'runId',
  parameter: 'runId',
  read: getRun,
  readEach: 'The source document names the list for the ids and this call for the items.',
  persons: RUN_PERSONS,
};

const experiments: Family = {
  ...inProject,
  family: 'exp-experiments',
  title: 'Experiments',
  persons: { mentions: ['tags.*'] },
  list: [
    {
      ...inferredList,
      operation: 'Run history · List experiments',
      base: 'history',
      route: `GET ${projectRoute}/experiments`,
      seed: 'S0',
      row: '23',
    },
  ],
  identity: 'experimentId',
  parameter: 'experimentId',
  read: {
    operation: 'Run history · Get experiment',
    base: 'history',
    route: `GET ${projectRoute}/experiments/{experimentId}`,
    seed: 'S0',
    row: '26',
    confidence: ['inf-H'],
  },
  readEach: 'The source document names the list for the ids and this call for the items.',
};

const metrics: Family = {
  ...inProject,
  family: 'exp-run-metrics',
  title: 'Run metrics',
  list: [
    {
      ...inferredList,
      operation: 'Run history · List run metrics',
      base: 'history',
      route: `GET ${projectRoute}/runmetrics`,
      seed: 'S0',
      row: '25',
    },
  ],
  identity: 'metricId',
  parameter: 'metricId',
  personsVia: { read: getRun, parameters: { runId: 'runId' }, persons: RUN_PERSONS },
};

const runArtifacts: Family = {
  ...inProject,
  family: 'exp-run-artifacts',
  title: 'Artifacts of runs, as the run history names them',
  within: [workspace, project, run],
  list: [
    {
      ...inferredList,
      operation: 'Run history · List artifacts of a run',
      base: 'history',
      route: `GET ${projectRoute}/runs/{runId}/artifacts`,
      seed: 'S0',
      row: '27',
    },
  ],
  identity: 'path|artifactId',
  parameter: 'name',
  bytes: [
    {
      via: {
        read: {
          operation: 'Run history · Get artifact URI',
          base: 'history',
          route: `GET ${projectRoute}/runs/{runId}/artifacturi`,
          seed: 'S0',
          row: '28',
          confidence: ['inf-H'],
          optionalQuery: ['name'],
        },
        parameters: { name: 'path|artifactId' },
      },
      // The answer itself is the link.
      member: '',
      contentType: 'application/octet-stream',
    },
  ],
};

export const runHistoryFamilies: readonly Family[] = [runs, experiments, metrics, runArtifacts];
