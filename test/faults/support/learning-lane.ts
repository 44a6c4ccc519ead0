import { expect } from 'vitest';
import { learningSnapshot } from '../../../local/simulator/world/learning/snapshot.ts';
import { expectQueuesEmpty, type TaskLedger } from '../../end-to-end/support/account.ts';
import { accountOf } from '../../end-to-end/support/erasure.ts';
import { personAt } from '../../end-to-end/support/learning-world.ts';
import { openPackage } from '../../end-to-end/support/package.ts';
import type { Stage } from '../../end-to-end/support/stage.ts';
import { approveUntilTaken, type Lane, startLaneWith, submitUntilTaken } from './lane.ts';
import type { LearningAction } from './learning-points.ts';
import { managed, SCENES, type Scene, world } from './learning-scenes.ts';

/** A lane for Azure ML: one target of each kind that something is done to, and a neighbour of each. */
export const startLearningLane = (): Promise<Lane> => startLaneWith({ targets: [], managed, world });

type Keys = Readonly<Record<string, readonly string[]>>;

/** A request about a target, and its end held against what it must be; what went is put back afterwards. */
export async function runLearningToEnd({ stage }: Lane, action: LearningAction): Promise<void> {
  const { experimentationAccounts, clusters, workspaces, files } = stage.simulator.world.learning;
  const held = structuredClone({ experimentationAccounts, clusters, workspaces, files });
  try {
    await requestToEnd(stage, SCENES[action]);
  } finally {
    for (const [key, account] of held.experimentationAccounts) experimentationAccounts.set(key, account);
    for (const [key, cluster] of held.clusters) clusters.set(key, cluster);
    for (const [key, workspace] of held.workspaces) workspaces.set(key, workspace);
    for (const [path, file] of held.files) files.set(path, file);
  }
}

async function requestToEnd(stage: Stage, scene: Scene): Promise<void> {
  const before = learningSnapshot(stage.simulator.world.learning);
  const { action, target, families, waits } = scene;
  const keys = keysOf(stage, scene);
  const digests = scene.digests(stage);
  const { objectId, upn } = personAt(stage, 0);
  const subject = { reference: 'ticket', objectId, userPrincipalName: upn };
  const asked = families === 'all' ? families : [...families];
  const id = await submitUntilTaken(stage, { action, targets: [target], families: asked, subject });
  if (action === 'delete' || waits) await approveUntilTaken(stage, id);
  const { view, ledgers, receipt } = await accountOf(stage, id);
  expect(view, JSON.stringify(view)).toMatchObject({ state: 'completed' });
  const outcome = action === 'export' ? 'saved' : 'erased';
  expectItems(ledgers, keys, outcome);
  const all = Object.values(keys).flat().length;
  expect(receipt.totals).toMatchObject({ found: all, [outcome]: all, kept: 0, absent: 0, refused: 0, gaps: 0 });
  if (action === 'export') await expectContents(stage, id, { keys, digests });
  expect(learningSnapshot(stage.simulator.world.learning)).toEqual(scene.leaves(before));
  await expectQueuesEmpty(stage);
}

/** Keys of what is asked for. */
function keysOf(stage: Stage, { families, keys }: Scene): Keys {
  const held = Object.entries(keys(stage));
  return Object.fromEntries(held.filter(([family]) => families === 'all' || families.includes(family)));
}

function expectItems(ledgers: readonly TaskLedger[], keys: Keys, outcome: string): void {
  expect(ledgers.map(({ family }) => family).sort()).toEqual(Object.keys(keys).sort());
  for (const { family, found, items } of ledgers) {
    expect(found, family).toEqual(keys[family]);
    for (const item of items) expect(item, item.key).toMatchObject({ outcome });
  }
}

/** The bytes of every item that has some are in the package. */
async function expectContents(
  stage: Stage,
  id: string,
  { keys, digests }: { keys: Keys; digests: ReadonlyMap<string, string> },
): Promise<void> {
  const { contents } = await openPackage(stage, id);
  const asked = Object.values(keys).flat();
  const withBytes = [...digests].filter(([key]) => asked.includes(key));
  expect(withBytes.length).toBeGreaterThan(0);
  for (const [key, sha256] of withBytes) expect(contents.get(key), key).toEqual([sha256]);
}
