import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { planSchema } from '../../src/lib/domain/plan.ts';
import { expectQueuesEmpty, outcomesOf } from './support/account.ts';
import { accountOf, approve, erase, planDelete } from './support/erasure.ts';
import { workspaceNamed } from './support/learning-world.ts';
import { outcomesByFamily, proofsByFamily } from './support/outcomes.ts';
import { SUBJECT } from './support/portal.ts';
import { expectSpotless } from './support/spotless.ts';
import { type Stage, startStage } from './support/stage.ts';
import { keeping, type Trace } from './support/traces.ts';
import { found } from './support/until.ts';

// Upstream is asked again after 15 seconds where it doesn't say when: half a minute here.
vi.setConfig({ testTimeout: 330_000 });

/** Subscriptions, by which the status of a deletion is asked for. */
const FAILING = 'aaaaaaaa-0000-4000-8000-000000000001';
const ENDLESS = 'aaaaaaaa-0000-4000-8000-000000000002';
const GROUND =
  'Infrastructure is deleted only when the request names its family and the operator allows it for the target.';
const cluster = (name: string) => ({ name: `c-${name}`, resourceGroup: name, secretInClear: true });

const sent: Trace[] = [];
let stage: Stage;
beforeAll(async () => {
  const allowed = { kind: 'computes', mayDeleteInfrastructure: true } as const;
  stage = await startStage({
    targets: [],
    managed: [
      { ...allowed, name: 'unnamed', workspace: 'unnamed' },
      { ...allowed, name: 'named', workspace: 'named' },
      { ...allowed, name: 'failing', workspace: 'failing', subscriptionId: FAILING },
      { ...allowed, name: 'endless', workspace: 'endless', subscriptionId: ENDLESS },
      { kind: 'computes', name: 'forbidden', workspace: 'forbidden' },
      { kind: 'clusters', name: 'serving', resourceGroup: 'serving', mayDeleteInfrastructure: true },
      { kind: 'clusters', name: 'kept', resourceGroup: 'kept' },
    ],
    world: {
      computeWorkspaces: [
        ...['unnamed', 'forbidden'].map((name) => ({ name, computes: 2 })),
        { name: 'named', computes: 1 },
        { name: 'failing', subscriptionId: FAILING, computes: 1 },
        { name: 'endless', subscriptionId: ENDLESS, computes: 1 },
      ],
      clusters: [cluster('serving'), cluster('kept')],
      behaviour: { pollsUntilDeleted: 1 },
    },
    between: { storage: keeping(sent) },
  });
});
afterAll(() => stage?.stop());

const computesOf = (name: string): string[] => [...workspaceNamed(stage, name).computes.keys()];
const clusters = (): string[] => [...stage.simulator.world.learning.clusters.values()].map(({ name }) => name);
const callsOf = (operation: string) => stage.simulator.calls.list.filter((call) => call.operation === operation);

describe('infrastructure', () => {
  test.concurrent.each([
    ['is not named', 'unnamed', 'all'],
    ['may not be deleted', 'forbidden', ['compute-clusters']],
  ])('is kept with the ground where it %s', async (_, target, families) => {
    const { view, ledgers, receipt } = await erase(stage, target, {
      families: families === 'all' ? 'all' : [...families],
    });
    expect(view.state).toBe('completed');
    const lines = [...outcomesOf(ledgers, 'compute-clusters').values()];
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatchObject({ outcome: 'kept', reason: GROUND });
    expect(computesOf(target)).toHaveLength(2);
    expect(receipt.byHand.map(({ what }) => what)).not.toContain(expect.stringContaining('survives'));
  });

  test.concurrent('is deleted where it is named and allowed, and its deletion watched to the end', async () => {
    const { view, ledgers, receipt } = await erase(stage, 'named', { families: ['compute-clusters'] });
    expect(view.state).toBe('completed');
    expect(outcomesByFamily(ledgers)).toEqual({ 'compute-clusters': { erased: 1 } });
    expect(proofsByFamily(receipt)).toEqual({ 'compute-clusters': ['item-404'] });
    expect(computesOf('named')).toEqual([]);
    expect(callsOf('<GetComputeOperation>').length).toBeGreaterThan(1);
  });

  test.concurrent('that consists of clusters leaves a resource group behind, which plan and receipt say', async () => {
    const planned = await planDelete(stage, 'serving', { families: ['operationalization-clusters'] });
    const plan = planSchema.parse((await stage.officer.call('GET', `/requests/${planned.id}/plan`)).json);
    const managed = found(
      [...stage.simulator.world.learning.clusters.values()].find(({ name }) => name === 'c-serving'),
    ).managedResourceGroup;
    const survives = [
      {
        target: 'serving',
        what: `What survives: managed resource group ${managed} of c-serving`,
        sentence: expect.stringContaining('-azureml-'),
      },
    ];
    expect(plan.byHand).toEqual(survives);
    const groups = [...stage.simulator.world.learning.resourceGroups];
    await approve(stage, planned);
    const { view, ledgers, receipt } = await accountOf(stage, planned.id);
    expect(view.state).toBe('completed');
    expect(outcomesByFamily(ledgers)).toEqual({ 'operationalization-clusters': { erased: 1 } });
    expect(receipt.byHand).toEqual(survives);
    expect(clusters()).toEqual(['c-kept']);
    expect([...stage.simulator.world.learning.resourceGroups]).toEqual(groups);
    expect(callsOf('<GetClusterOperation>').length).toBeGreaterThan(1);
  });

  test.concurrent('of a resource group that may not be deleted is kept', async () => {
    const { view, ledgers } = await erase(stage, 'kept', { families: ['operationalization-clusters'] });
    expect(view.state).toBe('completed');
    expect(outcomesByFamily(ledgers)).toEqual({ 'operationalization-clusters': { kept: 1 } });
  });

  test.concurrent('whose deletion fails in the end is refused', async () => {
    stage.simulator.faults.add({
      match: { operation: '<GetComputeOperation>', pathPattern: FAILING },
      fault: { kind: 'answerWith', json: { status: 'Failed', error: { code: 'ComputeInUse', message: 'Busy.' } } },
    });
    stage.simulator.faults.add({
      match: { operation: 'MachineLearningCompute_Delete', pathPattern: FAILING },
      fault: { kind: 'answeredButNotDone' },
    });
    const { view, ledgers } = await erase(stage, 'failing', { families: ['compute-clusters'] });
    expect(view.state).toBe('partially-completed');
    expect([...outcomesOf(ledgers, 'compute-clusters').values()]).toMatchObject([
      { outcome: 'refused', reason: 'The deletion ended as failed: ComputeInUse' },
    ]);
    expect(computesOf('failing')).toHaveLength(1);
  });

  test.concurrent('whose deletion never ends is refused', async () => {
    stage.simulator.faults.add({
      match: { operation: 'MachineLearningCompute_Delete', pathPattern: ENDLESS },
      fault: { kind: 'answeredButNotDone' },
    });
    const { view, ledgers } = await erase(stage, 'endless', { families: ['compute-clusters'] });
    expect(view.state).toBe('partially-completed');
    expect([...outcomesOf(ledgers, 'compute-clusters').values()]).toMatchObject([
      { outcome: 'refused', reason: 'The deletion goes on.' },
    ]);
    expect(computesOf('endless')).toHaveLength(1);
  });
});

test('leaves nothing behind: no message, no secret, and the person in records only', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
  await expectSpotless(stage, sent, Object.values(SUBJECT));
});
