import { describe, expect, it, vi } from 'vitest';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { availableFile } from '../../../../src/lib/steps/package/files.ts';
import { viewRequest } from '../../../../src/lib/steps/request/view.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { Driver } from '../support/driver.ts';
import { eraseAll, inventoryOf } from '../support/erasing.ts';
import { eventsIn, failuresOf, order, partly, receiptOf, refusing } from '../support/redriving.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { imageAdded, planned, projectOf } from '../support/together.ts';
import { keysIn } from '../support/world-keys.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });
const sizes = { tags: 3, taggedImages: 2, untaggedImages: 1, deletedImages: 0, exports: 0, imageBytes: 10 };
const world = { resources: [{ projects: [sizes] }] };
const small = { tags: 1, taggedImages: 1, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 10 };
const tiny = { resources: [{ projects: [{ ...small, iterations: { published: 0, trained: 1 } }] }] };
const open = (of: typeof world | typeof tiny = world): Promise<Stage> =>
  openStage(azurite.storage, {
    world: of,
    limits: { sliceItems: of === tiny ? 50 : 2, proofSeconds: 30, pauseSeconds: 5 },
  });
const TAGS = { action: 'delete', families: ['cv-tags'] } as const;
const tags = { ...TAGS, families: [...TAGS.families] };

async function totalsIn(stage: Stage, requestId: RequestId) {
  const view = await viewRequest(stage.deps, requestId);
  const { found, erased, refused, kept, absent, open: unsettled } = view?.totals ?? {};
  return { found, erased, refused, kept, absent, unsettled };
}

describe('A delete that upstream refused in part', () => {
  it('ends completed once it is resumed, with a receipt that names the one before and leaves it as it is', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await partly(driver, tags, [refusing('DeleteTag', { after: 1 })]);
    const first = await receiptOf(stage, requestId);
    expect(first.receipt.totals).toMatchObject({ found: 3, erased: 1, refused: 2 });
    expect(await order(stage, requestId)).toMatchObject({ kind: 'ordered', record: { state: 'running', edition: 2 } });
    const whileItRuns = { requestId, file: 'receipt.json' } as const;
    expect(await availableFile(stage.deps, whileItRuns)).toMatchObject({ name: 'receipt.json', bytes: first.bytes });
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(keysIn(stage.resource, 'cv-tags')).toEqual([]);
    const second = await receiptOf(stage, requestId, 2);
    expect(second.receipt).toMatchObject({
      edition: 2,
      previous: { edition: 1, bytes: first.bytes, sha256: first.sha256, event: 'complete-partially' },
      outcome: { event: 'complete' },
      totals: { found: 3, erased: 3, refused: 0, kept: 0 },
      faults: [],
    });
    expect(second.receipt.revisions.map(({ tasks }) => tasks.map(({ counts }) => counts.found))).toEqual([[3], [2]]);
    expect((await receiptOf(stage, requestId)).sha256).toBe(first.sha256);
    expect(await totalsIn(stage, requestId)).toMatchObject({ found: 3, erased: 3, refused: 0, unsettled: 0 });
    const available = (edition?: number) => availableFile(stage.deps, { requestId, file: 'receipt.json', edition });
    expect(await available()).toMatchObject({ name: 'receipt-2.json' });
    expect(await available(1)).toMatchObject({ name: 'receipt.json' });
    expect(await available(3)).toMatchObject({ kind: 'none' });
    expect((await eventsIn(stage, requestId)).filter((event) => event === 'resume')).toHaveLength(1);
  });

  it('does again only what was chosen, one item after another, and says of the rest what it said before', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await partly(driver, tags, [refusing('DeleteTag')]);
    for (const left of [2, 1, 0]) {
      const [failure] = await failuresOf(stage, requestId);
      if (!failure?.item) throw new Error('No item failed.');
      const { taskId, item, sliceId } = failure;
      expect(await order(stage, requestId, [{ taskId, item, sliceId }])).toMatchObject({ kind: 'ordered' });
      const { state } = await driver.toTheEnd(requestId);
      expect(state).toBe(left > 0 ? 'partially-completed' : 'completed');
      expect(keysIn(stage.resource, 'cv-tags')).toHaveLength(left);
      expect(await totalsIn(stage, requestId)).toMatchObject({ found: 3, erased: 3 - left, refused: left });
      const failures = await failuresOf(stage, requestId, 1);
      expect(failures.map(({ error }) => error)).toEqual(Array(left).fill(failure.error));
      expect(failure.error).toMatch(/^DeleteTag: 403/);
    }
    const { receipt } = await receiptOf(stage, requestId, 4);
    expect(receipt).toMatchObject({ previous: { edition: 3 }, totals: { found: 3, erased: 3 }, faults: [] });
  });

  it('says erased of what had gone by its own doing, and absent of what others made go', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await partly(driver, tags, [
      { match: { operation: 'DeleteTag' }, fault: { kind: 'answeredButNotDone' }, times: 1 },
      refusing('DeleteTag'),
    ]);
    expect((await receiptOf(stage, requestId)).receipt.totals).toMatchObject({ refused: 3 });
    projectOf(stage).workspace.tags.clear();
    await order(stage, requestId);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    const { receipt } = await receiptOf(stage, requestId, 2);
    expect(receipt.totals).toMatchObject({ found: 3, erased: 1, absent: 2, refused: 0 });
    expect(receipt.revisions[1]?.tasks[0]).toMatchObject({ unobserved: 1, tookOver: true });
  });
});

describe('An item that an earlier revision of the plan could not make go', () => {
  it.each([
    ['is erased if it is gone, though its deletion is refused now', { attempted: true as const }, 'erased', 3],
    ['is not touched where nobody chose it, and looked at all the same', { stays: 'DeleteTag: 409' }, 'absent', 0],
    [
      'is erased where nobody chose it but it went late',
      { attempted: true as const, stays: 'DeleteTag: 409' },
      'erased',
      0,
    ],
  ])('%s', async (_, facts, outcome, calls) => {
    await using stage = await open();
    const found = inventoryOf(stage, 'cv-tags').map((line) => ({ ...line, ...facts }));
    projectOf(stage).workspace.tags.clear();
    stage.simulator.faults.add(refusing('DeleteTag'));
    const erased = await eraseAll(stage, 'cv-tags', { found });
    for (const { key } of found) expect(erased.final(key)).toMatchObject({ outcome });
    expect(stage.simulator.calls.list.filter(({ operation }) => operation === 'DeleteTag')).toHaveLength(calls);
  });
});

describe('A delete that exported first', () => {
  it('is resumed without exporting again: its second receipt names the package of the first', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await partly(driver, { ...tags, exportFirst: true }, [refusing('DeleteTag', { after: 1 })]);
    await order(stage, requestId);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    const first = (await receiptOf(stage, requestId)).receipt;
    const { receipt } = await receiptOf(stage, requestId, 2);
    expect(receipt.manifest).toEqual(first.manifest);
    expect(receipt.totals).toMatchObject({ found: 6, saved: 3, erased: 3, refused: 0 });
    expect(receipt.faults).toEqual([]);
    expect(await stage.deps.documents.listVolumes(requestId, 2)).toEqual([]);
  });
});

const whole = { action: 'delete', families: ['cv-projects'], erase: 'together' } as const;
const project = { ...whole, families: [...whole.families] };

describe('A project that would not go', () => {
  it('goes back to the decision when it holds something else by then', async () => {
    await using stage = await open(tiny);
    const driver = new Driver(stage);
    const requestId = await partly(driver, project, [refusing('DeleteProject')]);
    imageAdded(stage);
    await order(stage, requestId);
    await driver.run(requestId);
    expect(await driver.record(requestId)).toMatchObject({ state: 'awaiting-decision', plan: { revision: 3 } });
    expect(stage.resource.projects.size).toBe(1);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(stage.resource.projects.size).toBe(0);
    expect((await receiptOf(stage, requestId, 2)).receipt.faults).toEqual([]);
  });
});

describe('A delete whose time was over', () => {
  it('gets more time when it is resumed, and does what it had not begun', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await planned(driver, tags);
    await driver.approve(requestId);
    stage.clock.turnTo(new Date((await driver.record(requestId)).deadline));
    expect((await driver.toTheEnd(requestId)).state).toBe('partially-completed');
    expect(await totalsIn(stage, requestId)).toMatchObject({ found: 3, kept: 3 });
    expect(await failuresOf(stage, requestId)).toHaveLength(3);
    await order(stage, requestId);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    const { receipt } = await receiptOf(stage, requestId, 2);
    expect(receipt.totals).toMatchObject({ found: 3, erased: 3, kept: 0 });
    expect(receipt.faults).toEqual([]);
  });
});
