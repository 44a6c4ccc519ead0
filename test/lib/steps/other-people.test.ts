import { describe, expect, it, vi } from 'vitest';
import { planSchema } from '../../../src/lib/domain/plan.ts';
import { receiptSchema } from '../../../src/lib/domain/receipt.ts';
import type { Submission } from '../../../src/lib/domain/request.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { useStage } from './support/use-stage.ts';

vi.setConfig({ testTimeout: 120_000 });

const sizes = { runs: 2, metricsPerRun: 0, artifactsPerRun: 1, assets: 0, experiments: 0 };
const at = useStage({
  managed: { kind: 'experimentation', account: 'people' },
  world: {
    experimentation: [
      { name: 'people', workspaces: [{ name: 'alpha', projects: [{ name: 'own', ...sizes, people: [0] }] }] },
    ],
  },
});

async function planned(families: string[]) {
  const [person] = at.stage.simulator.world.learning.people;
  const subject: Submission['subject'] = { reference: 'r', ...(person && { objectId: person.objectId }) };
  const driver = new Driver(at.stage);
  const requestId = await driver.submit({ action: 'export', families, scope: 'target', subject });
  await driver.run(requestId);
  const record = await driver.record(requestId);
  const plan = await at.stage.deps.documents.read({ requestId, name: 'plan.json' }, planSchema);
  return { driver, requestId, state: record.state, plan };
}

describe('An export of everything', () => {
  it('of runs that are all the person’s own goes straight on, and so does what lies below them', async () => {
    expect((await planned(['exp-runs', 'exp-artifacts'])).state).toBe('completed');
  });

  it('waits where it asks for artifacts but not for the runs that say whose they are, and the plan says so', async () => {
    const { driver, requestId, state, plan } = await planned(['exp-artifacts']);
    expect(state).toBe('awaiting-decision');
    expect(plan?.tasks[0]?.search?.notice).toMatch(/stands in exp-runs, for which this request does not ask/);
    expect(finalsOf(await ledgersOf(at.stage, requestId))).toEqual([]);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(finalsOf(await ledgersOf(at.stage, requestId))).toHaveLength(2);
  });

  it('waits where runs could not be read: whose they are is not known. In the receipt each such place counts once', async () => {
    at.stage.simulator.faults.add({ match: { operation: 'ListRuns' }, fault: { kind: 'status', status: 403 } });
    const { driver, requestId, state, plan } = await planned(['exp-runs']);
    expect(state).toBe('awaiting-decision');
    expect(plan?.tasks[0]?.counts.gaps).toBe(1);
    expect((await driver.toTheEnd(requestId)).state).toBe('partially-completed');
    at.stage.simulator.faults.clear();
    const receipt = await at.stage.deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
    expect(receipt?.totals).toMatchObject({ found: 0, gaps: 1 });
    expect(receipt?.revisions[0]?.tasks[0]?.grounds.gaps).toMatchObject([{ items: 1 }]);
  });

  it('that could not look for people, and then reads all, is whole', async () => {
    at.stage.simulator.faults.add({ match: { operation: 'ListRuns' }, fault: { kind: 'status', status: 403 } });
    const { driver, requestId } = await planned(['exp-runs']);
    at.stage.simulator.faults.clear();
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    const receipt = await at.stage.deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
    expect(receipt?.totals).toMatchObject({ found: 2, saved: 2, gaps: 0 });
  });
});
