import { describe, expect, it, vi } from 'vitest';
import { changeWorld } from '../../../../local/simulator/world/change.ts';
import { snapshotOf } from '../../../../local/simulator/world/snapshot.ts';
import { cancel } from '../../../../src/lib/steps/request/cancel.ts';
import { advance } from '../../../../src/lib/steps/runs/advance.ts';
import { startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { Driver } from '../support/driver.ts';
import { ledgersOf } from '../support/ledgers.ts';
import { PORTAL } from '../support/request-stores.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { eventsOf } from '../support/use-stage.ts';
import { keysIn } from '../support/world-keys.ts';

const azurite = useAzurite();
// Whole requests, many times over: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });
const sizes = { tags: 2, taggedImages: 2, untaggedImages: 1, deletedImages: 0, exports: 0, imageBytes: 10 };
const open = (): Promise<Stage> =>
  openStage(azurite.storage, {
    world: { resources: [{ projects: [sizes] }] },
    limits: { pauseSeconds: 60, roundSeconds: 60, replans: 3 },
  });
const tags = { action: 'delete', families: ['cv-tags'] } as const;
const projectIn = (stage: Stage): string => [...stage.resource.projects.keys()][0] ?? '';

describe('A run', () => {
  it('that is told to stop because another has replaced it moves nothing', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ ...tags, families: [...tags.families] });
    await startRun(stage.deps, requestId, driver.instances);
    const before = await driver.record(requestId);
    for (const run of [2, 7]) expect((await advance(stage.deps, { requestId, run })).kind).toBe('stop');
    expect(await driver.record(requestId)).toEqual(before);
  });

  it('says the same again when its activity is repeated', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ action: 'export', families: ['cv-tags'] });
    await startRun(stage.deps, requestId, driver.instances);
    const first = await advance(stage.deps, { requestId, run: 1 });
    expect(first).toMatchObject({ kind: 'tasks', phase: 'export' });
    expect(await advance(stage.deps, { requestId, run: 1 })).toEqual(first);
    expect((await eventsOf(stage, requestId)).filter((event) => event === 'proceed')).toHaveLength(1);
  });

  it('comes to an end where families and targets have nothing in common', async () => {
    await using stage = await open();
    for (const action of ['export', 'delete'] as const) {
      const driver = new Driver(stage);
      const record = await driver.toTheEnd(await driver.submit({ action, families: ['mm-models'] }));
      expect(record.state).toBe('completed');
    }
  });
});

describe('A deletion', () => {
  it('waits for a decision on what was found, and is completed once that is gone', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ ...tags, families: [...tags.families] });
    expect(await driver.run(requestId)).toMatch(/decision/);
    const record = await driver.record(requestId);
    expect(record).toMatchObject({ state: 'awaiting-decision', run: { ended: true }, touchedUpstream: false });
    expect(record.plan?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(keysIn(stage.resource, 'cv-tags')).toEqual([]);
  });

  it('that finds nothing is completed without a decision', async () => {
    await using stage = await open();
    for (const { workspace } of stage.resource.projects.values()) workspace.tags.clear();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ ...tags, families: [...tags.families] });
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(await eventsOf(stage, requestId)).not.toContain('ask');
  });

  it('does not begin where finding failed', async () => {
    await using stage = await open();
    stage.simulator.faults.add({ match: { operation: 'GetTags' }, fault: { kind: 'status', status: 403 } });
    const before = snapshotOf(stage.simulator.world);
    const driver = new Driver(stage);
    const record = await driver.toTheEnd(await driver.submit({ ...tags, families: [...tags.families] }));
    expect(record).toMatchObject({ state: 'failed', outcome: { reason: expect.stringMatching(/incomplete/) } });
    expect(snapshotOf(stage.simulator.world)).toEqual(before);
  });

  it('goes back to the decision when something came after the plan, and takes it along once that is approved', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ action: 'delete', families: ['cv-projects'] });
    await driver.run(requestId);
    const first = (await driver.record(requestId)).plan;
    changeWorld(stage.simulator.world, { change: 'addImages', projectId: projectIn(stage) });
    await driver.approve(requestId);
    await driver.run(requestId);
    const second = await driver.record(requestId);
    expect(second).toMatchObject({ state: 'awaiting-decision', plan: { revision: 2 }, touchedUpstream: true });
    expect(second.plan?.hash).not.toBe(first?.hash);
    expect(keysIn(stage.resource, 'cv-projects')).toHaveLength(1);
    expect(keysIn(stage.resource, 'cv-images')).toHaveLength(1);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(stage.resource.projects.size).toBe(0);
  });

  it('that is cancelled after its approval erases nothing more, accounts for everything and ends cancelled', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ action: 'delete', families: ['cv-tags'] });
    await driver.run(requestId);
    await driver.approve(requestId);
    await cancel(stage.deps, { requestId, actor: PORTAL });
    const record = await driver.toTheEnd(requestId);
    expect(record.state).toBe('cancelled');
    const [ledger] = await ledgersOf(stage, requestId);
    expect(ledger?.counts).toMatchObject({ found: 2, kept: 2, erased: 0 });
    expect(keysIn(stage.resource, 'cv-tags')).toHaveLength(2);
  });
});

describe('A dry run', () => {
  it.each(['export', 'delete'] as const)('of kind %s looks and touches nothing', async (action) => {
    await using stage = await open();
    const before = snapshotOf(stage.simulator.world);
    const driver = new Driver(stage);
    const requestId = await driver.submit({ action, dryRun: true, families: ['cv-tags', 'cv-images'] });
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(snapshotOf(stage.simulator.world)).toEqual(before);
    expect(stage.simulator.calls.list.filter(({ method }) => method !== 'GET')).toEqual([]);
    const found = (await ledgersOf(stage, requestId)).map(({ counts }) => counts.found);
    expect(found).toEqual([2, 3]);
  });
});

describe('Two requests on one target', () => {
  it('are carried out one after the other: the second waits, says for whom, and comes to its turn', async () => {
    await using stage = await open();
    const [first, second] = [new Driver(stage), new Driver(stage)];
    const ids = [await first.submit({ action: 'delete' }), await second.submit({ action: 'delete' })] as const;
    for (const [driver, id] of [
      [first, ids[0]],
      [second, ids[1]],
    ] as const) {
      await driver.run(id);
      await driver.approve(id);
    }
    await startRun(stage.deps, ids[0], first.instances);
    const n = (await first.record(ids[0])).run.n;
    expect((await advance(stage.deps, { requestId: ids[0], run: n })).kind).toBe('tasks');
    expect(await second.run(ids[1])).toMatch(/waits/);
    expect((await second.record(ids[1])).waitingFor).toMatchObject({ target: stage.target.name, request: ids[0] });
    first.instances.known.clear();
    expect((await first.toTheEnd(ids[0])).state).toBe('completed');
    expect(stage.outbox.waiting.map(({ message }) => message)).toContainEqual({ v: 1, requestId: ids[1] });
    expect((await second.toTheEnd(ids[1])).state).toBe('completed');
    expect((await second.record(ids[1])).waitingFor).toBeUndefined();
  });
});
