import { decided, erased, exported, phase, proceeded, submitted } from './points.ts';
import type { MOMENTS } from './trap.ts';

/** What is killed on Azure ML targets: two actions on an experimentation account, and a deletion that goes on after its 202. */
export type LearningAction = 'export' | 'delete' | 'delete a cluster';

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
  'delete a cluster': [
    ...decided,
    ...erased('DELETE upstream /operationalizationClusters/c-serving', 'GET upstream /operationsStatus/*'),
  ],
};

/** Those at which it is killed when nobody asks for all: where upstream, or what is known of it, changes. */
export const LEARNING_SPREAD: readonly (readonly [LearningAction, (typeof MOMENTS)[number], string])[] = [
  ['export', 'after', 'PUT content/*'],
  ['delete', 'before', 'PUT done/recheck-root.ndjson'],
  ['delete', 'after', 'DELETE upstream /accounts/studied/workspaces/alpha/projects/one'],
  ['delete', 'before', 'DELETE upstream /accounts/studied'],
  ['delete a cluster', 'after', 'DELETE upstream /operationalizationClusters/c-serving'],
  ['delete a cluster', 'after', 'GET upstream /operationsStatus/*'],
];
