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

const subjectOf = ({ simulator }: Stage): Partial<Submission> => ({
  subject: { reference: 'r', objectId: simulator.world.learning.people[0]?.objectId ?? '' },
});

/** A request from its submission to its end: how it ended, and its ledgers. */
async function carriedOut(driver: Driver, order: Partial<Submission>) {
  const requestId = await driver.submit({ ...subjectOf(driver.stage), ...order });
  const record = await driver.toTheEnd(requestId);
  return { record, ledgers: await ledgersOf(driver.stage, requestId) };
}

/** A request that is planned and approved while all is well; then something happens, and it goes on to its end. */
async function approvedThen(driver: Driver, order: Partial<Submission>, happens: () => void) {
  const requestId = await driver.submit({ ...subjectOf(driver.stage), ...order });
  await driver.run(requestId);
  await driver.approve(requestId);
  happens();
  const record = await driver.toTheEnd(requestId);
  return { record, ledgers: await ledgersOf(driver.stage, requestId) };
}

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

const unread = (ledgers: readonly TaskLedger[]): string[] =>
  ledgers.filter(({ counts }) => counts.gaps > 0).map(({ family }) => family);

describe('A run history that answers 404 in the wrong region', () => {
  it('makes an export partial: each of its lists is a gap', async () => {
    await using stage = await openExperiments();
    const driver = new Driver(stage, inWrongRegion(stage));
    const { record, ledgers } = await carriedOut(driver, { action: 'export' });
    expect(record.state).toBe('partially-completed');
    expect(unread(ledgers).sort()).toEqual([...STORES].sort());
  });

  it('ends a delete with its inventory: that is incomplete, and nothing is erased', async () => {
    await using stage = await openExperiments();
    const driver = new Driver(stage, inWrongRegion(stage));
    const { record, ledgers } = await carriedOut(driver, { action: 'delete' });
    expect(record.outcome).toMatchObject({ event: 'fail', reason: expect.stringMatching(/7 places .* not be read/) });
    expect(unread(ledgers).sort()).toEqual([...STORES].sort());
    expect({ projects: projectsIn(stage), deletions: deletions(stage) }).toEqual({ projects: 1, deletions: [] });
  });

  it.each([
    [{ exportFirst: false }, / refused$/, undefined],
    [{ exportFirst: true }, / kept$/, /it found 0 items, the plan has \d+/],
  ])('keeps every project of a delete that was approved before (%o)', async (order, final, standDown) => {
    await using stage = await openExperiments();
    const driver = new Driver(stage);
    const { record, ledgers } = await approvedThen(driver, { action: 'delete', ...order }, () => {
      driver.deps = inWrongRegion(stage);
    });
    expect(record.state).toBe('partially-completed');
    expect(record.standDown ?? '').toMatch(standDown ?? /^$/);
    expect({ projects: projectsIn(stage), deletions: deletions(stage) }).toEqual({ projects: 1, deletions: [] });
    expect(finalsOf(ledgers).find((line) => line.startsWith('exp-projects/') && !line.endsWith(' saved'))).toMatch(
      final,
    );
    expect(finalsOf(ledgers).filter((line) => / (erased|absent)/.test(line))).toEqual([]);
  });
});

describe('A copy that was to be made first', () => {
  it('is not whole when an item that was listed answers 404', async () => {
    await using stage = await openExperiments();
    const { record } = await approvedThen(new Driver(stage), { action: 'delete', exportFirst: true }, () => {
      const match = { operation: 'GetRun' };
      stage.simulator.faults.add({ match, times: 1, fault: { kind: 'status', status: 404 } });
    });
    expect(record.standDown).toMatch(/Of exp-runs on .* 1 items were not there to be saved/);
    expect({ projects: projectsIn(stage), deletions: deletions(stage) }).toEqual({ projects: 1, deletions: [] });
  });
});

describe('A hosting account', () => {
  it('stays when the lists of what it holds answer 404', async () => {
    await using stage = await openStage(azurite.storage, {
      managed: { kind: 'model-management', account: 'hosting' },
      world: { modelManagement: [{ name: 'hosting', models: 1, manifests: 0, images: 0, services: 0 }] },
    });
    const { record, ledgers } = await approvedThen(new Driver(stage), { action: 'delete' }, () => {
      const match = { host: 'eastus2.modelmanagement.azureml.net' };
      stage.simulator.faults.add({ match, fault: { kind: 'status', status: 404 } });
    });
    expect(record.state).toBe('partially-completed');
    expect(finalsOf(ledgers).find((line) => line.startsWith('mm-account/'))).toMatch(/ refused$/);
    expect(stage.simulator.world.learning.hostingAccounts.size).toBe(1);
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
