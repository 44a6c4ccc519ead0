import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { keyOf } from '../../local/simulator/world/learning/place.ts';
import { makeWorld } from '../../local/simulator/world/make.ts';
import type { WorldOptions } from '../../local/simulator/world/options.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty } from './support/account.ts';
import { accountOf, approve, erase } from './support/erasure.ts';
import {
  accountKeys,
  accountNamed,
  artifactDigests,
  hostingDigests,
  hostingKeys,
  hostingNamed,
  type Placed,
  personAt,
  projectsOf,
} from './support/learning-world.ts';
import { openPackage } from './support/package.ts';
import { type Stage, startStage } from './support/stage.ts';

/* Worlds of every size and shape, one after another in the same place: what is found, what is packed and what is left must agree. */
vi.setConfig({ testTimeout: 600_000 });

const TARGETS = ['generated', 'generated-host'];
/** The first is always the same, and the others are for a seed: many of them are made in test/lib/steps/worlds.test.ts, here each takes ten seconds. */
const WORLDS = Number(process.env.DSR_WORLDS ?? 1);
const seed = Number(process.env.DSR_WORLDS_SEED ?? 20_261_122);

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    targets: [],
    managed: [
      { kind: 'experimentation', name: 'generated', account: 'generated' },
      { kind: 'model-management', name: 'generated-host', account: 'generated' },
    ],
    world: {
      experimentation: [{ name: 'neighbour' }],
      modelManagement: [{ name: 'neighbour' }],
      behaviour: { pageSize: 3 },
    },
  });
});
afterAll(() => stage?.stop());

const few = fc.constantFrom(0, 1, 4);
const people = fc.constantFrom<number[]>([0], [0, 1], [1, 2], [2, 0, 1]);
const project = fc.record({
  experiments: few,
  runs: few,
  artifactsPerRun: fc.constantFrom(0, 1, 6),
  metricsPerRun: few,
  assets: few,
  jobsPerPerson: few,
  anonymousRuns: fc.constantFrom(0, 1),
  dataContainers: fc.constantFrom('none' as const, 'half' as const, 'all' as const),
  artifactBytes: fc.constantFrom<number | [number, number]>(0, 1, [2, 3_000]),
  people,
  wildNames: fc.boolean(),
});
const workspaces = fc.array(fc.record({ projects: fc.array(project, { maxLength: 2 }) }), { maxLength: 2 });
const registry = fc.record({ models: few, manifests: few, images: few, services: few });
const world: fc.Arbitrary<WorldOptions> = fc
  .record({ seed: fc.nat(), workspaces, registry })
  .map(({ seed, workspaces: within, registry: sizes }) => ({
    seed,
    resources: [],
    experimentation: [{ name: 'generated', workspaces: within }],
    modelManagement: [{ name: 'generated', ...sizes }],
  }));

/** Puts the accounts of a generated world beside the neighbours. */
function settle(options: WorldOptions): void {
  const { learning } = makeWorld(options);
  const here = stage.simulator.world.learning;
  for (const account of learning.experimentationAccounts.values())
    here.experimentationAccounts.set(keyOf(account), account);
  for (const account of learning.hostingAccounts.values()) here.hostingAccounts.set(keyOf(account), account);
  for (const [path, file] of learning.files) here.files.set(path, file);
}

const namesOthers = ({ project: { history } }: Placed): boolean =>
  [...history.runs.values()].some(({ createdBy }) => createdBy && createdBy.objectId !== personAt(stage, 0).objectId);

async function exportAll(): Promise<void> {
  const account = accountNamed(stage, 'generated');
  const keys: Record<string, string[]> = {
    ...accountKeys(account, personAt(stage, 0)),
    ...hostingKeys(hostingNamed(stage, 'generated')),
  };
  const { objectId } = personAt(stage, 0);
  const id = await stage.portal.begin({ action: 'export', targets: TARGETS, subject: { reference: 't', objectId } });
  const planned = await stage.portal.awaitingDecision(id);
  const waits = projectsOf(account).some(namesOthers);
  expect(planned.state === 'awaiting-decision', 'waits for a decision').toBe(waits);
  if (waits) await approve(stage, { id, hash: planned.plan?.hash });
  const { view, ledgers, receipt } = await accountOf(stage, id);
  expect(view.state).toBe('completed');
  for (const { family, found } of ledgers) expect(found, family).toEqual(keys[family]);
  expect(receipt.totals).toMatchObject({
    saved: Object.values(keys).flat().length,
    refused: 0,
    gaps: 0,
    absent: 0,
    kept: 0,
  });
  const { contents, outcomes } = await openPackage(stage, id);
  expect([...outcomes.keys()].sort()).toEqual(Object.values(keys).flat().sort());
  const { world } = stage.simulator;
  const bytes = [...artifactDigests(world, account), ...hostingDigests(world, hostingNamed(stage, 'generated'))];
  for (const [key, sha256] of bytes) expect(contents.get(key), key).toEqual([sha256]);
}

async function eraseAll(): Promise<void> {
  const account = accountNamed(stage, 'generated');
  const keys: Record<string, string[]> = {
    ...accountKeys(account, personAt(stage, 0)),
    ...hostingKeys(hostingNamed(stage, 'generated')),
  };
  const { objectId } = personAt(stage, 0);
  const order = { targets: TARGETS, subject: { reference: 't', objectId } };
  const { view, ledgers, receipt } = await erase(stage, 'generated', order);
  expect(view.state).toBe('completed');
  for (const { family, found } of ledgers) expect(found, family).toEqual(keys[family]);
  const total = Object.values(keys).flat().length;
  expect(receipt.totals).toMatchObject({ found: total, erased: total, kept: 0, refused: 0, absent: 0 });
}

test('whatever lies in an account is found, saved, erased and accounted for, each item once', async () => {
  const empty = snapshotOf(stage.simulator.world);
  await fc.assert(
    fc.asyncProperty(world, async (options) => {
      settle(options);
      const before = snapshotOf(stage.simulator.world);
      await exportAll();
      expect(snapshotOf(stage.simulator.world), 'an export changes nothing').toEqual(before);
      await eraseAll();
      expect(snapshotOf(stage.simulator.world), 'the neighbours, and nothing else').toEqual(empty);
    }),
    { seed, numRuns: WORLDS, endOnFailure: true, examples: [[EVERYTHING]] },
  );
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
});

/** Of everything some, so that it doesn't hang on chance. */
const EVERYTHING: WorldOptions = {
  seed: 'everything',
  resources: [],
  experimentation: [
    { name: 'generated', workspaces: [{ projects: [{ artifactsPerRun: 6, anonymousRuns: 1 }, { runs: 0 }] }] },
  ],
  modelManagement: [{ name: 'generated', models: 4 }],
};
