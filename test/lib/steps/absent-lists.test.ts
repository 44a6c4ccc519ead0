import { describe, expect, it, vi } from 'vitest';
import type { Submission } from '../../../src/lib/domain/request.ts';
import { targetSchema } from '../../../src/lib/domain/target.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { eraseAll, inventoryOf } from './support/erasing.ts';
import { finalsOf, ledgersOf, type TaskLedger } from './support/ledgers.ts';
import { openStage, type Stage } from './support/stage.ts';

/* Lists that answer 404 though their data is there: a wrong region, a service that lost its way. Nothing may go unsaved over that. */
const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });

const openExperiments = (): Promise<Stage> =>
  openStage(azurite.storage, {
    managed: { kind: 'experimentation', account: 'history' },
    world: { experimentation: [{ name: 'history', workspaces: [{ projects: [{ runs: 2, artifactsPerRun: 1 }] }] }] },
  });

/** Works on the stage's target as an operator registered it who took the wrong region. */
function inWrongRegion({ deps, target }: Stage): Stage['deps'] {
  const wrong = targetSchema.parse({ ...target, location: 'westeurope' });
  return { ...deps, target: (name) => (name === target.name ? wrong : undefined) };
}

const projectsIn = ({ simulator }: Stage): number =>
  [...simulator.world.learning.experimentationAccounts.values()]
    .filter(({ name }) => name === 'history')
    .flatMap(({ workspaces }) => [...workspaces.values()])
    .reduce((sum, { projects }) => sum + projects.size, 0);

const deletions = ({ simulator }: Stage): string[] =>
  simulator.calls.list.filter(({ method }) => method === 'DELETE').map(({ operation }) => operation);

/** A request from its submission to its end: how it ended, and its ledgers. */
async function carriedOut(driver: Driver, order: Partial<Submission>) {
  const objectId = driver.stage.simulator.world.learning.people[0]?.objectId ?? '';
  const requestId = await driver.submit({ subject: { reference: 'r', objectId }, ...order });
  const record = await driver.toTheEnd(requestId);
  return { record, ledgers: await ledgersOf(driver.stage, requestId) };
}

const gapsIn = (ledgers: readonly TaskLedger[]): Record<string, number> =>
  Object.fromEntries(
    ledgers.filter(({ counts }) => counts.gaps > 0).map(({ family, counts }) => [family, counts.gaps]),
  );

/** Families of a project's stores: nothing of them answers in the wrong region. */
const STORES = [
  'exp-runs',
  'exp-experiments',
  'exp-run-metrics',
  'exp-run-artifacts',
  'exp-assets',
  'exp-artifacts',
  'exp-notifications',
];

describe('A run history that answers 404 in the wrong region', () => {
  it('makes an export partial: each of its lists is a gap', async () => {
    await using stage = await openExperiments();
    const driver = new Driver(stage, inWrongRegion(stage));
    const { record, ledgers } = await carriedOut(driver, { action: 'export' });
    expect(record.state).toBe('partially-completed');
    expect(gapsIn(ledgers)).toEqual(Object.fromEntries(STORES.map((family) => [family, 1])));
  });

  it.each([{ exportFirst: false }, { exportFirst: true }])(
    'keeps a delete ($exportFirst) from its projects, with which it would go unseen',
    async (order) => {
      await using stage = await openExperiments();
      const before = projectsIn(stage);
      const driver = new Driver(stage, inWrongRegion(stage));
      const { record, ledgers } = await carriedOut(driver, { action: 'delete', ...order });
      expect(record.state).toBe('partially-completed');
      expect(before).toBeGreaterThan(0);
      expect({ projects: projectsIn(stage), deletions: deletions(stage) }).toEqual({ projects: before, deletions: [] });
      expect(finalsOf(ledgers).filter((final) => / (erased|absent)/.test(final))).toEqual([]);
    },
  );
});

describe('A copy that was to be made first', () => {
  it('is not whole when an item that was listed answers 404', async () => {
    await using stage = await openExperiments();
    const before = projectsIn(stage);
    const driver = new Driver(stage);
    const objectId = stage.simulator.world.learning.people[0]?.objectId ?? '';
    const order = { action: 'delete', exportFirst: true, subject: { reference: 'r', objectId } } as const;
    const requestId = await driver.submit(order);
    await driver.run(requestId);
    await driver.approve(requestId);
    stage.simulator.faults.add({
      match: { operation: 'GetRun' },
      times: 1,
      fault: { kind: 'status', status: 404 },
    });
    const record = await driver.toTheEnd(requestId);
    expect(record.standDown).toMatch(/Of exp-runs on .* 1 items were not there to be saved/);
    expect({ projects: projectsIn(stage), deletions: deletions(stage) }).toEqual({ projects: before, deletions: [] });
  });
});

describe('A hosting account', () => {
  it('stays when the lists of what it holds answer 404', async () => {
    await using stage = await openStage(azurite.storage, {
      managed: { kind: 'model-management', account: 'hosting' },
      world: { modelManagement: [{ name: 'hosting', models: 1, manifests: 0, images: 0, services: 0 }] },
    });
    stage.simulator.faults.add({
      match: { host: 'eastus2.modelmanagement.azureml.net' },
      fault: { kind: 'status', status: 404 },
    });
    const { record, ledgers } = await carriedOut(new Driver(stage), { action: 'delete' });
    expect(record.state).toBe('partially-completed');
    expect(finalsOf(ledgers)).toEqual(['mm-account/hosting refused']);
    expect(deletions(stage)).toEqual([]);
  });
});

describe('Images whose lists all answer 404', () => {
  it('are not proved gone while their project is there', async () => {
    await using stage = await openStage(azurite.storage, {
      world: { resources: [{ projects: [{ tags: 1, taggedImages: 2, untaggedImages: 1, iterations: {} }] }] },
    });
    const found = inventoryOf(stage, 'cv-images');
    const between = async (): Promise<void> => {
      stage.simulator.faults.add({
        match: { pathPattern: '/images/(tagged|untagged)' },
        fault: { kind: 'status', status: 404 },
      });
    };
    const erased = await eraseAll(stage, 'cv-images', { found, between });
    expect(found.length).toBeGreaterThan(2);
    for (const { key } of found) {
      expect(erased.final(key)).toMatchObject({
        outcome: 'refused',
        reason: expect.stringMatching(/could not be proved: GetTaggedImages|could not be proved: GetUntaggedImages/),
      });
    }
  });
});
