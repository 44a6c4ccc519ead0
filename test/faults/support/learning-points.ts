import { approved, decided, erased, exported, phase, proceeded, submitted } from './points.ts';
import type { Strike } from './trap.ts';

/**
 * What is killed on Azure ML targets: two actions on an experimentation account, two on a workspace of the successor, and the two deletions
 * that go on after their 202.
 */
export const LEARNING_ACTIONS = [
  'export',
  'delete',
  'export a workspace',
  'delete from a workspace',
  'delete a cluster',
  'delete a compute',
] as const;
export type LearningAction = (typeof LEARNING_ACTIONS)[number];

/** Every kind of side effect, as `POINTS` has them for Custom Vision. Runs go with their project, which is looked through once more before. */
export const LEARNING_POINTS: Readonly<Record<LearningAction, readonly string[]>> = {
  export: [...submitted, ...phase('people'), 'PUT plan.json', ...proceeded, ...exported],
  delete: [
    ...decided,
    ...phase('recheck'),
    ...erased(
      'DELETE upstream /accounts/studied/workspaces/alpha/projects/one',
      'DELETE upstream /accounts/studied/workspaces/alpha',
      'DELETE upstream /accounts/studied',
    ),
  ],
  'export a workspace': [...submitted, ...approved, 'PUT targets/*/exports/*', ...exported],
  'delete from a workspace': [
    ...decided,
    ...erased(
      'DELETE upstream /workspaces/succeeding/artifacts/ExperimentRun/*/metadata',
      'DELETE upstream /workspaces/succeeding/models/model-0:1',
      'DELETE upstream /workspaces/succeeding/services/service-1',
      'GET upstream /operations/*',
      'DELETE upstream /workspaces/succeeding/assets/*',
    ),
  ],
  'delete a cluster': [
    ...decided,
    ...erased('DELETE upstream /operationalizationClusters/c-serving', 'GET upstream /operationsStatus/*'),
  ],
  'delete a compute': [
    ...decided,
    ...erased('DELETE upstream /workspaces/crunching/computes/node', 'GET upstream /computeOperationsStatus/*'),
  ],
};

/** The courses that are taken when nobody asks for all: killed where upstream, or what is known of it, changes. */
export const LEARNING_SPREAD: Readonly<Record<LearningAction, readonly Strike[]>> = {
  export: [{ moment: 'after', point: 'PUT content/*' }],
  delete: [
    { moment: 'before', point: 'PUT done/recheck-root.ndjson' },
    { moment: 'after', point: 'DELETE upstream /accounts/studied/workspaces/alpha/projects/one' },
    { moment: 'before', point: 'DELETE upstream /accounts/studied' },
  ],
  'export a workspace': [
    { moment: 'after', point: 'PUT record.json: approve' },
    { moment: 'after', point: 'PUT content/*' },
  ],
  'delete from a workspace': [
    { moment: 'after', point: 'DELETE upstream /workspaces/succeeding/artifacts/ExperimentRun/*/metadata' },
    { moment: 'before', point: 'DELETE upstream /workspaces/succeeding/models/model-0:1' },
    { moment: 'after', point: 'DELETE upstream /workspaces/succeeding/services/service-1' },
    { moment: 'after', point: 'GET upstream /operations/*' },
  ],
  'delete a cluster': [
    { moment: 'after', point: 'DELETE upstream /operationalizationClusters/c-serving' },
    { moment: 'after', point: 'GET upstream /operationsStatus/*' },
  ],
  'delete a compute': [
    { moment: 'after', point: 'DELETE upstream /workspaces/crunching/computes/node' },
    { moment: 'before', point: 'GET upstream /computeOperationsStatus/*' },
  ],
};
