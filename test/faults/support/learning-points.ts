import { ended, finished, further, phase, read, submitted } from './points.ts';
import type { MOMENTS } from './trap.ts';

/** What is killed on Azure ML targets: two actions on an experimentation account, and a deletion that goes on after its 202. */
export type LearningAction = 'export' | 'delete' | 'delete a cluster';

/** From the submission of a delete to the start of its second run. */
const decided = [
  ...submitted,
  ...phase('inventory'),
  'PUT plan.json',
  'PUT record.json: ask',
  'PUT appendblock journal.ndjson: ask',
  'PUT record.json: approve',
  'PUT appendblock journal.ndjson: approve',
  'PUT record.json: run-claimed 2',
  'PUT appendblock journal.ndjson: run-claimed 2',
  'PUT targets/*/destroyer.json',
];

const erased = [
  ...phase('erase'),
  ...further('erase'),
  'PUT metadata open/erase-*.json, marked',
  ...phase('prove'),
  ...further('prove'),
  ...finished,
  'DELETE targets/*/destroyer.json',
  ...ended,
  ...read('receipt-downloaded'),
];

/** Every kind of side effect, as `POINTS` has them for Custom Vision. Runs go with their project, which is looked through once more before. */
export const LEARNING_POINTS: Readonly<Record<LearningAction, readonly string[]>> = {
  export: [
    ...submitted,
    ...phase('people'),
    'PUT plan.json',
    'PUT record.json: proceed',
    'PUT appendblock journal.ndjson: proceed',
    'PUT targets/*/exports/*',
    ...phase('export'),
    'PUT content/*',
    ...finished,
    ...phase('package'),
    ...further('package'),
    'PUT package-001.zip',
    'PUT manifest.json',
    ...ended,
    ...read('receipt-downloaded'),
    ...read('package-listed'),
    ...read('package-downloaded'),
  ],
  delete: [
    ...decided,
    ...phase('recheck'),
    ...erased,
    'DELETE upstream /accounts/studied/workspaces/alpha/projects/one',
    'DELETE upstream /accounts/studied/workspaces/alpha',
    'DELETE upstream /accounts/studied',
  ],
  'delete a cluster': [
    ...decided,
    ...erased,
    'DELETE upstream /operationalizationClusters/c-serving',
    'GET upstream /operationsStatus/*',
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
