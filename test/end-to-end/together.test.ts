import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changeWorld } from '../../local/simulator/world/change.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty, outcomesOf } from './support/account.ts';
import { accountOf, approve, erase, planDelete } from './support/erasure.ts';
import { ERASED, keysOf } from './support/expected.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';
import { found, until } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

let stage: Stage;
let neighbour: unknown;
beforeAll(async () => {
  stage = await startStage({
    targets: [
      { name: 'whole-new', projects: 2 },
      { name: 'whole-old', version: '3.0' },
      { name: 'images', projects: 2 },
      { name: 'drift', projects: 2 },
      { name: 'cancelled' },
      { name: 'neighbour' },
    ],
  });
  neighbour = snapshotOf(stage.simulator.world).resources.find(({ name }) => name === 'neighbour');
});
afterAll(() => stage?.stop());

const together = { erase: 'together' } as const;
const counted = (name: string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const operation of changesAt(stage.simulator, hostOf(name))) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
};

describe('a delete that lets things go together', () => {
  test.concurrent.each([
    ['whole-new', 2],
    ['whole-old', 1],
  ] as const)('of all on %s takes one call a project, and says that the rest went with it', async (name, projects) => {
    const keys = keysOf(stage.resource(name));
    const { view, ledgers, receipt } = await erase(stage, name, together);
    expect(view.state).toBe('completed');
    expect(stage.resource(name).projects.size).toBe(0);
    expect(counted(name)).toEqual({ UnpublishIteration: projects, DeleteProject: projects });
    for (const family of ERASED) {
      const items = outcomesOf(ledgers, family);
      expect([...items.keys()].sort()).toEqual(keys[family]);
      const proof = family === 'cv-projects' ? 'item-404' : 'parent-gone';
      for (const item of items.values()) expect(item).toMatchObject({ outcome: 'erased', proof });
    }
    expect(receipt.asked).toMatchObject({ erase: 'together' });
    const ways = Object.fromEntries(
      receipt.revisions.flatMap(({ tasks }) => tasks.map((task) => [task.family, task.way])),
    );
    expect(ways).toMatchObject({ 'cv-projects': 'call', 'cv-images': 'parent', 'cv-exported-models': 'hand' });
  });

  test.concurrent('of images alone takes one call a project and leaves the rest', async () => {
    const { 'cv-images': images, ...others } = keysOf(stage.resource('images'));
    const { view, ledgers } = await erase(stage, 'images', { ...together, families: ['cv-images'] });
    expect(view.state).toBe('completed');
    expect(counted('images')).toEqual({ DeleteImages: 2 });
    const items = outcomesOf(ledgers, 'cv-images');
    expect([...items.keys()].sort()).toEqual(images);
    for (const item of items.values())
      expect(item).toMatchObject({ outcome: 'erased', cause: 'in-batch', proof: 'absent-from-list' });
    expect(keysOf(stage.resource('images'))).toEqual({ ...others, 'cv-images': [] });
  });

  test.concurrent('goes back to the decision where a project is not what was approved; the other one goes', async () => {
    const [changed] = stage.resource('drift').projects.keys();
    const planned = await planDelete(stage, 'drift', { ...together, families: ['cv-projects'] });
    changeWorld(stage.simulator.world, { change: 'addImages', projectId: found(changed), count: 2 });
    await approve(stage, planned);
    const again = await stage.portal.awaitingDecision(planned.id, 2);
    expect(again).toMatchObject({ state: 'awaiting-decision', plan: { revision: 2 } });
    expect([...stage.resource('drift').projects.keys()]).toEqual([changed]);
    await approve(stage, { id: planned.id, hash: again.plan?.hash });
    const { view, receipt } = await accountOf(stage, planned.id);
    expect(view.state).toBe('completed');
    expect(stage.resource('drift').projects.size).toBe(0);
    expect(receipt.totals.refused).toBe(0);
  });

  test.concurrent('and is cancelled in the middle keeps what its project still holds, and says so', async () => {
    const { portal, simulator } = stage;
    const host = hostOf('cancelled');
    const before = keysOf(stage.resource('cancelled'));
    simulator.faults.add({
      match: { host, operation: 'DeleteProject' },
      fault: { kind: 'status', status: 503, retryAfterSeconds: 1 },
    });
    const planned = await planDelete(stage, 'cancelled', { ...together, families: ['cv-projects'] });
    await approve(stage, planned);
    await until('the project was to be deleted', () =>
      simulator.calls.list.some((call) => call.host === host && call.operation === 'DeleteProject'),
    );
    expect((await portal.cancel(planned.id)).status).toBe(202);
    const { view, ledgers, receipt } = await accountOf(stage, planned.id);
    expect(view.state).toBe('cancelled');
    expect(keysOf(stage.resource('cancelled'))).toEqual(before);
    for (const { items } of ledgers)
      for (const { key, outcome } of items) expect({ key, outcome }).toEqual({ key, outcome: 'kept' });
    expect(receipt).toMatchObject({ touchedUpstream: true, totals: { erased: 0 } });
  });

  test.concurrent('is refused in subject scope, and for an export', async () => {
    const { portal } = stage;
    for (const order of [{ action: 'export' }, { action: 'delete', scope: 'subject' }] as const) {
      const reply = await portal.submit({ ...order, ...together, targets: ['neighbour'] });
      expect(reply).toMatchObject({ status: 400, json: { errors: [{ field: 'erase' }] } });
    }
  });

  test('leaves nothing behind: no message, no answer against the specifications, no neighbour changed', async () => {
    await expectQueuesEmpty(stage);
    expect(stage.findings).toEqual([]);
    expect(snapshotOf(stage.simulator.world).resources.find(({ name }) => name === 'neighbour')).toEqual(neighbour);
  });
});
