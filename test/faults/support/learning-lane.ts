import { expect } from 'vitest';
import { learningSnapshot } from '../../../local/simulator/world/learning/snapshot.ts';
import { expectQueuesEmpty, type TaskLedger } from '../../end-to-end/support/account.ts';
import { accountOf } from '../../end-to-end/support/erasure.ts';
import { accountKeys, accountNamed, artifactDigests, personAt } from '../../end-to-end/support/learning-world.ts';
import { openPackage } from '../../end-to-end/support/package.ts';
import type { Order } from '../../end-to-end/support/portal.ts';
import type { Stage } from '../../end-to-end/support/stage.ts';
import { approveUntilTaken, type Lane, startLaneWith, submitUntilTaken } from './lane.ts';
import type { LearningAction } from './learning-points.ts';

const ACCOUNT = 'studied';
const CLUSTERS = 'serving';
const NEIGHBOUR = 'neighbour';
/** As small as a project can be that has one of everything. */
const SIZES = { runs: 1, experiments: 1, assets: 1, artifactsPerRun: 1, artifactBytes: 90, people: [0] };
const workspaces = [{ name: 'alpha', projects: [{ name: 'one', ...SIZES }] }];

/** What is asked for. An export as small as one can be that has documents and bytes; with an account all goes that it holds. */
const FAMILIES = {
  export: ['exp-runs', 'exp-run-artifacts'],
  delete: 'all',
  'delete a cluster': ['operationalization-clusters'],
} as const satisfies Record<LearningAction, readonly string[] | 'all'>;

/** A lane for Azure ML: an experimentation account of one person's, a cluster, and a neighbour of each. */
export const startLearningLane = (): Promise<Lane> =>
  startLaneWith({
    targets: [],
    managed: [
      { kind: 'experimentation', name: ACCOUNT, account: ACCOUNT },
      { kind: 'clusters', name: CLUSTERS, resourceGroup: CLUSTERS, mayDeleteInfrastructure: true },
    ],
    world: {
      experimentation: [ACCOUNT, NEIGHBOUR].map((name) => ({ name, workspaces })),
      clusters: [CLUSTERS, NEIGHBOUR].map((resourceGroup) => ({ name: `c-${resourceGroup}`, resourceGroup })),
      behaviour: { pollsUntilDeleted: 1, pollAfterSeconds: 1 },
    },
  });

const snapshotOf = ({ simulator }: Stage) => learningSnapshot(simulator.world.learning);
type Snapshot = ReturnType<typeof snapshotOf>;

/** A request about the account or the cluster, and its end held against what it must be; what went is put back afterwards. */
export async function runLearningToEnd({ stage }: Lane, action: LearningAction): Promise<void> {
  const { experimentationAccounts, clusters, files } = stage.simulator.world.learning;
  const held = structuredClone({ experimentationAccounts, clusters, files });
  try {
    await requestToEnd(stage, action);
  } finally {
    for (const [key, account] of held.experimentationAccounts) experimentationAccounts.set(key, account);
    for (const [key, cluster] of held.clusters) clusters.set(key, cluster);
    for (const [path, file] of held.files) files.set(path, file);
  }
}

async function requestToEnd(stage: Stage, action: LearningAction): Promise<void> {
  const before = snapshotOf(stage);
  const keys = keysFor(stage, action);
  const digests = artifactDigests(stage.simulator.world, accountNamed(stage, ACCOUNT));
  const id = await submitUntilTaken(stage, orderFor(stage, action));
  if (action !== 'export') await approveUntilTaken(stage, id);
  const { view, ledgers, receipt } = await accountOf(stage, id);
  expect(view, JSON.stringify(view)).toMatchObject({ state: 'completed' });
  const outcome = action === 'export' ? 'saved' : 'erased';
  expectItems(ledgers, keys, outcome);
  const all = Object.values(keys).flat().length;
  expect(receipt.totals).toMatchObject({ found: all, [outcome]: all, kept: 0, absent: 0, refused: 0, gaps: 0 });
  if (action === 'export') await expectContents(stage, id, digests);
  expect(snapshotOf(stage)).toEqual(afterwards(before, action, SIZES.artifactsPerRun));
  await expectQueuesEmpty(stage);
}

function orderFor(stage: Stage, action: LearningAction): Order {
  const families = FAMILIES[action];
  if (action === 'delete a cluster') return { action: 'delete', targets: [CLUSTERS], families };
  const { objectId, upn } = personAt(stage, 0);
  return { action, families, targets: [ACCOUNT], subject: { reference: 'ticket', objectId, userPrincipalName: upn } };
}

function keysFor(stage: Stage, action: LearningAction): Record<string, string[]> {
  const ofAccount = accountKeys(accountNamed(stage, ACCOUNT), personAt(stage, 0));
  const held = { ...ofAccount, 'operationalization-clusters': [`operationalization-clusters/c-${CLUSTERS}`] };
  const families: readonly string[] | 'all' = FAMILIES[action];
  const asked = families === 'all' ? Object.keys(ofAccount) : families;
  return Object.fromEntries(Object.entries(held).filter(([family]) => asked.includes(family)));
}

function expectItems(ledgers: readonly TaskLedger[], keys: Record<string, string[]>, outcome: string): void {
  expect(ledgers.map(({ family }) => family).sort()).toEqual(Object.keys(keys).sort());
  for (const { family, found, items } of ledgers) {
    expect(found, family).toEqual(keys[family]);
    for (const item of items) expect(item, item.key).toMatchObject({ outcome });
  }
}

/** The bytes of the artifact are in the package. */
async function expectContents(stage: Stage, id: string, digests: ReadonlyMap<string, string>): Promise<void> {
  const { contents } = await openPackage(stage, id);
  const ofRuns = [...digests].filter(([key]) => key.startsWith('exp-run-artifacts/'));
  expect(ofRuns).toHaveLength(SIZES.artifactsPerRun);
  for (const [key, sha256] of ofRuns) expect(contents.get(key), key).toEqual([sha256]);
}

/** The world that a request must leave: what it was about is gone with its files, and nothing else. */
function afterwards(before: Snapshot, action: LearningAction, files: number): Snapshot {
  switch (action) {
    case 'export':
      return before;
    case 'delete':
      return {
        ...before,
        experimentationAccounts: before.experimentationAccounts.filter(({ path }) => path !== ACCOUNT),
        files: before.files - files,
      };
    case 'delete a cluster':
      return { ...before, clusters: before.clusters.filter(({ path }) => !path.includes(`/${CLUSTERS}/`)) };
  }
}
