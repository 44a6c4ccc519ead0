import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changeWorld } from '../../local/simulator/world/change.ts';
import { snapshotOf } from '../../local/simulator/world/snapshot.ts';
import { expectQueuesEmpty, outcomesOf } from './support/account.ts';
import { accountOf, approve, planDelete } from './support/erasure.ts';
import { ERASED, keysOf } from './support/expected.ts';
import { expectWhole, wholeOf } from './support/exported.ts';
import { type Stage, startStage } from './support/stage.ts';
import { hostOf } from './support/targets.ts';
import { found, until } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

let stage: Stage;
let neighbour: unknown;
beforeAll(async () => {
  stage = await startStage({
    targets: [
      ...['cancelled', 'early', 'undecided', 'drift', 'late', 'two', 'reading', 'replays', 'neighbour'].map((name) => ({
        name,
      })),
      { name: 'gone', projects: 2 },
    ],
  });
  neighbour = snapshotOf(stage.simulator.world).resources.find(({ name }) => name === 'neighbour');
});
afterAll(() => stage?.stop());

const firstProject = (name: string) => found([...stage.resource(name).projects.values()][0]);

describe('a cancellation', () => {
  test.concurrent('in the middle of a delete leads to a receipt that says what is gone and what is kept', async () => {
    const { portal, simulator } = stage;
    const host = hostOf('cancelled');
    // Tags stay busy until the cancellation has come: iterations and images are gone by then, the project isn't touched yet.
    simulator.faults.add({
      match: { host, operation: 'DeleteTag' },
      fault: { kind: 'status', status: 503, retryAfterSeconds: 1 },
    });
    const planned = await planDelete(stage, 'cancelled');
    await approve(stage, planned);
    await until('a tag was to be deleted', () =>
      simulator.calls.list.some((call) => call.host === host && call.operation === 'DeleteTag'),
    );
    expect((await portal.cancel(planned.id)).status).toBe(202);
    expect((await portal.cancel(planned.id)).status, 'cancelled again').toBe(202);
    const { view, ledgers, receipt } = await accountOf(stage, planned.id);
    expect(view.state).toBe('cancelled');
    expect(receipt).toMatchObject({ touchedUpstream: true, cancelled: { actor: 'portal' } });
    const { 'cv-exported-models': _, ...others } = keysOf(stage.resource('cancelled'));
    const left = new Set(Object.values(others).flat());
    // Exported models go with the account only: kept by hand, whatever became of their iterations.
    for (const { items } of ledgers.filter(({ family }) => family !== 'cv-exported-models')) {
      for (const { key, outcome } of items) expect(left.has(key), `${key} is ${outcome}`).toBe(outcome === 'kept');
    }
    expect(receipt.totals.erased).toBeGreaterThan(0);
    expect(receipt.totals.kept).toBe(left.size + outcomesOf(ledgers, 'cv-exported-models').size);
    expect((await portal.cancel(planned.id)).status, 'cancelled once more at the end').toBe(202);
  });

  test.concurrent('before a decision ends the request at once and touches nothing', async () => {
    const { portal, officer } = stage;
    const before = keysOf(stage.resource('undecided'));
    const planned = await planDelete(stage, 'undecided');
    expect((await portal.cancel(planned.id)).status).toBe(202);
    expect((await portal.view(planned.id)).state).toBe('cancelled');
    expect((await officer.decide(planned.id, 'approve', planned.hash)).status).toBe(409);
    expect(keysOf(stage.resource('undecided'))).toEqual(before);
  });

  test.concurrent('right after the submission ends an export', async () => {
    const { portal } = stage;
    const id = await portal.begin({ action: 'export', targets: ['early'] });
    expect((await portal.cancel(id)).status).toBe(202);
    expect((await portal.ended(id)).state).toBe('cancelled');
  });

  test.concurrent('of a request that is completed comes too late', async () => {
    const { portal } = stage;
    const id = await portal.begin({ action: 'export', targets: ['replays'], dryRun: true });
    expect((await portal.ended(id)).state).toBe('completed');
    expect(await portal.cancel(id)).toMatchObject({ status: 409, json: { type: '/problems/cancel-too-late' } });
  });
});

describe('what changes upstream after the plan', () => {
  test.concurrent('leads back to the decision; approved again, all of it goes and the receipt shows both plans', async () => {
    const { portal, simulator } = stage;
    const first = await planDelete(stage, 'drift');
    const { id: projectId } = firstProject('drift');
    changeWorld(simulator.world, { change: 'addImages', projectId, count: 3 });
    changeWorld(simulator.world, { change: 'train', projectId, published: true });
    const all = keysOf(stage.resource('drift'));
    await approve(stage, first);
    const again = await portal.awaitingDecision(first.id, 2);
    expect(again).toMatchObject({ state: 'awaiting-decision', plan: { revision: 2 } });
    expect(again.plan?.hash).not.toBe(first.hash);
    expect(stage.resource('drift').projects.size, 'the project stays until it is approved').toBe(1);
    expect((await stage.officer.decide(first.id, 'approve', first.hash)).status, 'the old plan').toBe(409);
    await approve(stage, { id: first.id, hash: again.plan?.hash });
    const { view, ledgers, receipt } = await accountOf(stage, first.id);
    expect(view.state).toBe('completed');
    expect(stage.resource('drift').projects.size).toBe(0);
    expect(receipt.revisions.map(({ revision, carriedOut }) => ({ revision, carriedOut }))).toEqual([
      { revision: 1, carriedOut: true },
      { revision: 2, carriedOut: true },
    ]);
    const erased = (family: string) =>
      ledgers
        .filter((ledger) => ledger.family === family)
        .flatMap(({ items }) => items.filter(({ outcome }) => outcome === 'erased').map(({ key }) => key))
        .sort();
    for (const family of ERASED) {
      expect(erased(family)).toEqual(all[family]);
    }
  });

  test.concurrent('and is gone before the erasure is absent, not erased', async () => {
    const { simulator } = stage;
    const planned = await planDelete(stage, 'gone');
    const { id: projectId } = firstProject('gone');
    changeWorld(simulator.world, { change: 'deleteProject', projectId });
    await approve(stage, planned);
    const { view, ledgers } = await accountOf(stage, planned.id);
    expect(view.state).toBe('completed');
    expect(stage.resource('gone').projects.size).toBe(0);
    for (const family of ERASED) {
      for (const [key, { outcome }] of outcomesOf(ledgers, family)) {
        expect(outcome, key).toBe(key.includes(projectId) ? 'absent' : 'erased');
      }
    }
  });
});

describe('requests on one target', () => {
  test.concurrent('that erase go one after another; who waits says for whom', async () => {
    const { portal, simulator } = stage;
    const host = hostOf('two');
    simulator.faults.add({
      match: { host, operation: 'DeleteTag' },
      fault: { kind: 'status', status: 503, retryAfterSeconds: 1 },
    });
    const first = await planDelete(stage, 'two');
    const second = await planDelete(stage, 'two');
    await approve(stage, first);
    await until('the first one is at work', () =>
      simulator.calls.list.some((call) => call.host === host && call.operation === 'DeleteTag'),
    );
    await approve(stage, second);
    const waiting = await portal.waitFor(second.id, (view) => view.waitingFor !== undefined);
    expect(waiting.waitingFor).toMatchObject({ target: 'two', request: first.id });
    stopFaults(host);
    expect((await accountOf(stage, first.id)).view.state).toBe('completed');
    const { view, receipt } = await accountOf(stage, second.id);
    expect(view).toMatchObject({ state: 'completed' });
    expect(view.waitingFor).toBeUndefined();
    expect(receipt.totals).toMatchObject({ erased: 0, absent: receipt.totals.found - receipt.totals.kept });
  });

  test.concurrent('an export that has begun finishes before a delete begins', async () => {
    const { portal, simulator } = stage;
    const host = hostOf('reading');
    const whole = wholeOf(stage, stage.resource('reading'));
    const planned = await planDelete(stage, 'reading');
    simulator.faults.add({
      match: { host, operation: 'GetTags' },
      fault: { kind: 'status', status: 503, retryAfterSeconds: 1 },
    });
    const id = await portal.begin({ action: 'export', targets: ['reading'] });
    await portal.waitFor(id, (view) => view.state === 'running' && view.tasks.length > 0);
    await until('the export reads', () =>
      simulator.calls.list.some((call) => call.host === host && call.fault === 'status'),
    );
    await approve(stage, planned);
    const waiting = await portal.waitFor(planned.id, (view) => view.waitingFor !== undefined);
    expect(waiting.waitingFor).toMatchObject({ target: 'reading', request: id });
    stopFaults(host);
    await expectWhole(stage, id, whole);
    expect((await accountOf(stage, planned.id)).view.state).toBe('completed');
    expect(stage.resource('reading').projects.size).toBe(0);
  });
});

/** From now on nothing goes wrong on that host. */
function stopFaults(host: string): void {
  for (const state of stage.simulator.faults.list()) if (state.rule.match.host === host) state.rule.times = 0;
}

describe('a submission', () => {
  test.concurrent('repeated with its Idempotency-Key is one request; with another body it is refused', async () => {
    const { portal } = stage;
    const order = { action: 'export', targets: ['replays'], dryRun: true } as const;
    const replies = await Promise.all([1, 2, 3].map(() => portal.submit(order, { 'idempotency-key': 'once' })));
    expect(replies.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(replies.map(({ headers }) => headers.get('location'))).size).toBe(1);
    const other = await portal.submit({ ...order, dryRun: false }, { 'idempotency-key': 'once' });
    expect(other).toMatchObject({ status: 422, json: { type: '/problems/other-body' } });
    const officers = await stage.officer.submit(order, { 'idempotency-key': 'once' });
    expect(officers.headers.get('location')).not.toBe(replies[0]?.headers.get('location'));
  });

  test.concurrent('of what nobody knows is refused, and unknown ids are not found', async () => {
    const { portal } = stage;
    const reply = await portal.submit({ action: 'delete', targets: ['nowhere'], families: ['cv-nothing'] });
    expect(reply).toMatchObject({ status: 400, json: { errors: [{ field: 'targets.0' }, { field: 'families.0' }] } });
    for (const id of ['00000000-0000-4000-8000-000000000000', 'nonsense']) {
      for (const rest of ['', '/plan', '/receipt', '/journal', '/package']) {
        expect((await portal.call('GET', `/requests/${id}${rest}`)).status, `${id}${rest}`).toBe(404);
      }
      expect((await portal.decide(id, 'approve', 'f'.repeat(64))).status).toBe(404);
      expect((await portal.cancel(id)).status).toBe(404);
    }
  });
});

test('nothing is left behind: no message, no answer against the specifications, no neighbour changed', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
  expect(snapshotOf(stage.simulator.world).resources.find(({ name }) => name === 'neighbour')).toEqual(neighbour);
});
