import { expect, test, vi } from 'vitest';
import { snapshotOf } from '../../../local/simulator/world/snapshot.ts';
import { successorDigests, successorKeys } from '../../end-to-end/support/successor-world.ts';
import { found } from '../../end-to-end/support/until.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { carriedOut, keysIn } from './support/carried-out.ts';
import { openStage } from './support/stage.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 240_000 });

const MODELS = 2400;
/** Whose they are, in turn. */
const PEOPLE = Array.from({ length: 12 }, (_, index) => ({
  objectId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  upn: `person${index}@contoso.example`,
  name: `Person ${index}`,
}));

test('one person’s items among several thousand are found, saved and erased, each once, and nobody else’s', async () => {
  const own = { name: 'crowded', experiments: 0, runs: 0, assets: 0, images: 0, services: 0, models: MODELS };
  await using stage = await openStage(azurite.storage, {
    world: { people: PEOPLE, successor: [{ ...own, modelBytes: 20 }, { name: 'neighbour' }] },
    managed: { kind: 'machine-learning', workspace: 'crowded' },
  });
  const { world } = stage.simulator;
  const workspace = found([...world.learning.workspaces.values()].find(({ name }) => name === 'crowded'));
  const { objectId, upn } = found(world.learning.people[0]);
  const asked = {
    scope: 'subject',
    families: ['ml-models'],
    subject: { reference: 'r', objectId, userPrincipalName: upn },
  } as const;
  const mine = successorKeys(workspace, world.learning.people[0])['ml-models'] ?? [];
  const others = (successorKeys(workspace)['ml-models'] ?? []).filter((key) => !mine.includes(key));
  expect([mine.length, others.length]).toEqual([MODELS / 12, (MODELS / 12) * 11]);

  const before = snapshotOf(world);
  const digests = successorDigests(stage, workspace);
  const saved = (await carriedOut(stage, { action: 'export', ...asked, families: ['ml-models'] })).get('ml-models');
  expect(keysIn(saved)).toEqual(mine);
  for (const { key, outcome, contents } of saved ?? [])
    expect([outcome, contents?.[0]?.sha256], key).toEqual(['saved', digests.get(key)]);
  expect(snapshotOf(world)).toEqual(before);

  const erased = (await carriedOut(stage, { action: 'delete', ...asked, families: ['ml-models'] })).get('ml-models');
  expect(keysIn(erased)).toEqual(mine);
  expect(new Set(erased?.map(({ outcome }) => outcome))).toEqual(new Set(['erased']));
  expect(successorKeys(workspace)['ml-models']).toEqual(others);
  expect(snapshotOf(world).learning.workspaces[1]).toEqual(before.learning.workspaces[1]);
});
