import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty } from './support/account.ts';
import { accountOf, erase } from './support/erasure.ts';
import { totalOf } from './support/expected.ts';
import { accountKeys, accountNamed, artifactDigests, personAt } from './support/learning-world.ts';
import { openPackage } from './support/package.ts';
import { type Stage, startStage } from './support/stage.ts';

vi.setConfig({ testTimeout: 330_000 });

/** One run after another with artifacts of its own: each costs calls, its metrics don't. */
const project = { runs: 500, metricsPerRun: 5, artifactsPerRun: 1, assets: 300, artifactBytes: 80, people: [0] };

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    targets: [],
    managed: [{ kind: 'experimentation', name: 'crowded', account: 'crowded' }],
    world: {
      experimentation: [{ name: 'neighbour' }, { name: 'crowded', workspaces: [{ projects: [project] }] }],
    },
    workers: 2,
    // Several slices a list, several rounds a task.
    settings: { DSR_SLICE_ITEMS: '400', DSR_ROUND_SLICES: '4' },
    pollingMilliseconds: 400,
  });
});
afterAll(() => stage?.stop());

const keysOf = () => accountKeys(accountNamed(stage, 'crowded'), personAt(stage, 0));
const accounts = () => snapshotOf(stage.simulator.world).learning.experimentationAccounts;
const asked = () => ({ targets: ['crowded'], subject: { reference: 't', objectId: personAt(stage, 0).objectId } });

test('an export of several thousand items of Azure ML is whole, and changes nothing', async () => {
  const keys = keysOf();
  const before = snapshotOf(stage.simulator.world);
  const id = await stage.portal.begin({ action: 'export', ...asked() });
  const { view, ledgers, receipt } = await accountOf(stage, id);
  expect(view.state).toBe('completed');
  for (const { family, found } of ledgers) expect(found, family).toEqual(keys[family]);
  expect(totalOf(keys)).toBeGreaterThan(4000);
  expect(receipt.totals).toMatchObject({ saved: totalOf(keys), refused: 0, gaps: 0, absent: 0, kept: 0 });
  const { contents, outcomes } = await openPackage(stage, id);
  expect([...outcomes.keys()].sort()).toEqual(Object.values(keys).flat().sort());
  for (const [key, sha256] of artifactDigests(stage.simulator.world, accountNamed(stage, 'crowded')))
    expect(contents.get(key), key).toEqual([sha256]);
  expect(snapshotOf(stage.simulator.world)).toEqual(before);
});

test('a delete of them erases each and proves it, and leaves the neighbour as it was', async () => {
  const keys = keysOf();
  const [neighbour] = accounts();
  const { view, ledgers, receipt } = await erase(stage, 'crowded', asked());
  expect(view.state).toBe('completed');
  for (const { family, found } of ledgers) expect(found, family).toEqual(keys[family]);
  expect(receipt.totals).toMatchObject({ found: totalOf(keys), erased: totalOf(keys), kept: 0, refused: 0, absent: 0 });
  expect(accounts()).toEqual([neighbour]);
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
});
