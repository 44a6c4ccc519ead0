import { expect } from 'vitest';
import type { LearningSnapshot } from '../../../local/simulator/world/learning/snapshot.ts';
import type { WorldOptions } from '../../../local/simulator/world/options.ts';
import {
  accountKeys,
  accountNamed,
  artifactDigests,
  itemKey,
  personAt,
  workspaceNamed,
} from '../../end-to-end/support/learning-world.ts';
import type { Stage } from '../../end-to-end/support/stage.ts';
import { successorDigests, successorKeys } from '../../end-to-end/support/successor-world.ts';
import type { Managed } from '../../end-to-end/support/targets.ts';
import type { LearningAction } from './learning-points.ts';

/* What is asked of Azure ML targets while the app is killed, and what it must come to. */

const ACCOUNT = 'studied';
const CLUSTERS = 'serving';
const COMPUTES = 'crunching';
const WORKSPACE = 'succeeding';
const NEIGHBOUR = 'neighbour';
/** As small as a history can be that has one of everything. */
const SIZES = { runs: 1, experiments: 1, assets: 1, artifactsPerRun: 1, artifactBytes: 90, people: [0] };
const workspaces = [{ name: 'alpha', projects: [{ name: 'one', ...SIZES }] }];

/** Each of them beside a neighbour. */
export const world = {
  experimentation: [ACCOUNT, NEIGHBOUR].map((name) => ({ name, workspaces })),
  clusters: [CLUSTERS, NEIGHBOUR].map((resourceGroup) => ({ name: `c-${resourceGroup}`, resourceGroup })),
  computeWorkspaces: [COMPUTES, `${NEIGHBOUR}-computes`].map((name) => ({
    name,
    computes: [{ name: 'node', type: 'AKS' }],
  })),
  successor: [WORKSPACE, NEIGHBOUR].map((name) => ({ name, ...SIZES, models: 1, images: 1, services: 1 })),
  behaviour: { pollsUntilDeleted: 1, pollAfterSeconds: 1 },
} as const satisfies Omit<WorldOptions, 'resources'>;

export const managed: readonly Managed[] = [
  { kind: 'experimentation', name: ACCOUNT, account: ACCOUNT },
  { kind: 'clusters', name: CLUSTERS, resourceGroup: CLUSTERS, mayDeleteInfrastructure: true },
  { kind: 'computes', name: COMPUTES, workspace: COMPUTES, mayDeleteInfrastructure: true },
  { kind: 'machine-learning', name: WORKSPACE, workspace: WORKSPACE },
];

export interface Scene {
  readonly action: 'export' | 'delete';
  /** An export that waits for a decision, as every delete does. */
  readonly waits?: true;
  readonly target: string;
  readonly families: readonly string[] | 'all';
  /** Stable keys of all that the target holds now, by family. */
  readonly keys: (stage: Stage) => Readonly<Record<string, readonly string[]>>;
  /** SHA-256 of the bytes of items, by key. */
  readonly digests: (stage: Stage) => ReadonlyMap<string, string>;
  /** The world that it must leave: what it was about is gone with its files, and nothing else. */
  readonly leaves: (before: LearningSnapshot) => LearningSnapshot;
}

const account = {
  target: ACCOUNT,
  keys: (stage: Stage) => accountKeys(accountNamed(stage, ACCOUNT), personAt(stage, 0)),
  digests: (stage: Stage) => artifactDigests(stage.simulator.world, accountNamed(stage, ACCOUNT)),
};
const workspace = {
  target: WORKSPACE,
  keys: (stage: Stage) => successorKeys(workspaceNamed(stage, WORKSPACE)),
  digests: (stage: Stage) => successorDigests(stage, workspaceNamed(stage, WORKSPACE)),
};
const infrastructure = { action: 'delete', digests: () => new Map() } as const;
const same = (before: LearningSnapshot): LearningSnapshot => before;

/** The snapshot with one workspace changed. */
const withWorkspace = (before: LearningSnapshot, name: string, change: object): LearningSnapshot => ({
  ...before,
  workspaces: before.workspaces.map((one) =>
    one.path === name ? { ...one, digest: expect.any(String), ...change } : one,
  ),
});

/** An export as small as one can be that has documents and bytes; with an account all goes that it holds. */
export const SCENES: Readonly<Record<LearningAction, Scene>> = {
  export: { ...account, action: 'export', families: ['exp-runs', 'exp-run-artifacts'], leaves: same },
  delete: {
    ...account,
    action: 'delete',
    families: 'all',
    leaves: (before) => ({
      ...before,
      experimentationAccounts: before.experimentationAccounts.filter(({ path }) => path !== ACCOUNT),
      files: before.files - SIZES.artifactsPerRun,
    }),
  },
  'export a workspace': {
    ...workspace,
    action: 'export',
    // Without the runs it isn't known whose the artifacts are.
    waits: true,
    families: ['ml-artifacts', 'ml-models'],
    leaves: same,
  },
  'delete from a workspace': {
    ...workspace,
    action: 'delete',
    families: ['ml-artifacts', 'ml-models', 'ml-services', 'ml-assets'],
    leaves: (before) => ({
      ...withWorkspace(before, WORKSPACE, { artifacts: 0, models: 0, services: 0, assets: 0 }),
      files: before.files - SIZES.artifactsPerRun - 1,
    }),
  },
  'delete a cluster': {
    ...infrastructure,
    target: CLUSTERS,
    families: ['operationalization-clusters'],
    keys: () => ({ 'operationalization-clusters': [itemKey('operationalization-clusters', `c-${CLUSTERS}`)] }),
    leaves: (before) => ({
      ...before,
      clusters: before.clusters.filter(({ path }) => !path.includes(`/${CLUSTERS}/`)),
    }),
  },
  'delete a compute': {
    ...infrastructure,
    target: COMPUTES,
    families: ['compute-clusters'],
    keys: () => ({ 'compute-clusters': [itemKey('compute-clusters', 'node')] }),
    leaves: (before) => withWorkspace(before, COMPUTES, { computes: [] }),
  },
};
