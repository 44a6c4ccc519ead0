import { describe, expect, it, vi } from 'vitest';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import type { StageOptions } from './support/stage.ts';
import { openStage, type Stage } from './support/stage.ts';
import { changesOf, imageAdded, planned, planOf, projectOf, runWith, together, withdrawn } from './support/together.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
// Whole requests: on a busy machine they take their time.
vi.setConfig({ testTimeout: 120_000 });

const sizes = { tags: 2, taggedImages: 3, untaggedImages: 1, deletedImages: 1, exports: 1, imageBytes: 10 };
const open = (options: Omit<StageOptions, 'world'> & { projects?: object[] } = {}): Promise<Stage> => {
  const { projects = [sizes], ...rest } = options;
  return openStage(azurite.storage, {
    world: { resources: [{ projects }] },
    ...rest,
    limits: {
      sliceItems: 2,
      patienceSeconds: 60,
      proofSeconds: 60,
      pauseSeconds: 5,
      resendSeconds: 1e6,
      ...rest.limits,
    },
  });
};

const WITHIN = ['cv-iterations', 'cv-images', 'cv-tags'];
const everything = (stage: Stage) => ['cv-projects', ...WITHIN].flatMap((family) => keysIn(stage.resource, family));

describe('A project that goes with all that it holds', () => {
  it.each(['3.0', '3.3'] as const)(
    'takes one call on version %s, besides unpublishing, and proves its items gone with it',
    async (version) => {
      await using stage = await open({ version, projects: [sizes, { ...sizes, predictions: 2 }] });
      const before = everything(stage);
      const driver = new Driver(stage);
      const requestId = await planned(driver, together(['cv-projects']));
      const plan = await planOf(stage, requestId);
      expect(plan).toMatchObject({ erase: 'together' });
      expect(plan.tasks.filter(({ way }) => way === 'parent')).toHaveLength(4);
      expect((await driver.toTheEnd(requestId)).state).toBe('completed');
      expect(everything(stage)).toEqual([]);
      expect(changesOf(stage)).toEqual({ DeleteProject: 2, UnpublishIteration: 2 });
      const finals = finalsOf(await ledgersOf(stage, requestId));
      const expected = before.map(
        (key) => `${key} erased ${key.startsWith('cv-projects') ? 'item-404' : 'parent-gone'}`,
      );
      expect(finals.filter((line) => !line.startsWith('cv-predictions'))).toEqual(expected.sort());
      expect(finals.filter((line) => /^cv-predictions.* erased parent-gone$/.test(line))).toHaveLength(2);
    },
  );

  it('stays when it holds something new, until somebody has decided on that; its neighbour goes at once', async () => {
    await using stage = await open({ projects: [sizes, sizes] });
    const driver = new Driver(stage);
    const requestId = await planned(driver, together(['cv-projects']));
    const first = await planOf(stage, requestId);
    const changed = projectOf(stage);
    imageAdded(stage, changed);
    await driver.approve(requestId);
    await driver.run(requestId);
    expect(await driver.record(requestId)).toMatchObject({ state: 'awaiting-decision', plan: { revision: 2 } });
    expect([...stage.resource.projects.keys()]).toEqual([changed.id]);
    expect(
      [...changed.iterations.values()].some(({ publishName }) => publishName),
      'still published',
    ).toBe(true);
    expect((await planOf(stage, requestId)).hash).not.toBe(first.hash);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(everything(stage)).toEqual([]);
  });

  it('is compared without reading an inventory anew for each of many projects', async () => {
    await using stage = await open({ projects: [sizes, sizes, sizes, sizes], limits: { sliceItems: 100 } });
    const driver = new Driver(stage);
    const requestId = await planned(driver, together(['cv-projects']));
    await driver.approve(requestId);
    const read: string[] = [];
    const { slices } = stage.deps;
    const readHeader: typeof slices.readHeader = (ref) => {
      read.push(`${ref.taskId} ${ref.sliceId}`);
      return slices.readHeader(ref);
    };
    await runWith(driver, requestId, async (next, work) => {
      if (next.phase === 'erase') driver.deps = { ...stage.deps, slices: { ...slices, readHeader } };
      await work();
      driver.deps = stage.deps;
    });
    const compared = read.filter((name) => / (?:inventory|recheck)-/.test(name));
    expect(compared.length).toBeGreaterThan(7);
    expect(compared.length).toBe(new Set(compared).size);
    expect(everything(stage)).toEqual([]);
  });

  it('stays with all it holds when the request is cancelled before the call, and says so', async () => {
    await using stage = await open();
    const before = everything(stage);
    const driver = new Driver(stage);
    const requestId = await planned(driver, together(['cv-projects']));
    await driver.approve(requestId);
    await runWith(driver, requestId, async (next, work) => {
      if (next.phase === 'erase') await withdrawn(stage, requestId);
      await work();
    });
    expect((await driver.record(requestId)).state).toBe('cancelled');
    expect(everything(stage)).toEqual(before);
    expect(changesOf(stage)).toEqual({});
    expect(finalsOf(await ledgersOf(stage, requestId))).toEqual(before.map((key) => `${key} kept`).sort());
  });

  it('waits while unpublishing has not come into effect', async () => {
    await using stage = await open();
    stage.simulator.faults.add({
      match: { operation: 'UnpublishIteration' },
      fault: { kind: 'answeredButNotDone', afterCalls: 4 },
    });
    const driver = new Driver(stage);
    const requestId = await planned(driver, together(['cv-projects']));
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(everything(stage)).toEqual([]);
  });
});

const ALONE = { tags: 1, taggedImages: 1000, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 10 };

describe('Images that go while their project stays', () => {
  it('take one call for a thousand when they may go together, four when each goes by its id', async () => {
    for (const [erase, calls] of [
      ['together', 1],
      ['each', 4],
    ] as const) {
      await using stage = await open({ projects: [ALONE], limits: { sliceItems: 1000 } });
      const driver = new Driver(stage);
      const requestId = await driver.submit({ ...together(['cv-images']), erase });
      expect((await driver.toTheEnd(requestId)).state).toBe('completed');
      expect(keysIn(stage.resource, 'cv-images')).toEqual([]);
      expect(changesOf(stage)).toEqual({ DeleteImages: calls });
      const finals = finalsOf(await ledgersOf(stage, requestId));
      expect(finals.filter((line) => line.endsWith(' erased absent-from-list'))).toHaveLength(1000);
      expect(finals).toHaveLength(1000);
    }
  });

  it('take one call for each project, however many slices found them; copies in iterations go too', async () => {
    await using stage = await open({ projects: [sizes, sizes] });
    const found = keysIn(stage.resource, 'cv-images');
    const driver = new Driver(stage);
    const requestId = await driver.submit(together(['cv-images', 'cv-iterations']));
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(changesOf(stage)).toEqual({ DeleteImages: 2, DeleteIteration: 4, UnpublishIteration: 2 });
    const finals = finalsOf(await ledgersOf(stage, requestId)).filter((line) => line.startsWith('cv-images'));
    expect(finals).toEqual(found.map((key) => `${key} erased absent-from-list`));
  });

  it('go by their ids on version 3.0', async () => {
    await using stage = await open({ version: '3.0' });
    const driver = new Driver(stage);
    const requestId = await driver.submit(together(['cv-images', 'cv-iterations']));
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(keysIn(stage.resource, 'cv-images')).toEqual([]);
    expect(stage.simulator.calls.list.some(({ query }) => query.includes('allImages'))).toBe(false);
  });

  it('go by their ids where one came since: that one stays', async () => {
    await using stage = await open({ projects: [sizes, sizes] });
    const driver = new Driver(stage);
    const requestId = await planned(driver, together(['cv-images']));
    const id = imageAdded(stage);
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(keysIn(stage.resource, 'cv-images')).toEqual([expect.stringContaining(id)]);
    const all = stage.simulator.calls.list.filter(({ query }) => query.includes('allImages'));
    expect(all.map(({ path }) => path.includes(projectOf(stage).id))).toEqual([false]);
  });

  it.each([
    ['whose answer is lost', { kind: 'resetAfterEffect' as const }],
    ['that fails', { kind: 'status' as const, status: 503 }],
    ['that is throttled', { kind: 'throttled' as const, retryAfterSeconds: 30 }],
    ['that is refused', { kind: 'status' as const, status: 403 }],
  ])('go by their ids after a call %s, which is not made again', async (_, fault) => {
    await using stage = await open();
    const found = keysIn(stage.resource, 'cv-images');
    stage.simulator.faults.add({ match: { operation: 'DeleteImages' }, fault, times: 1 });
    const driver = new Driver(stage);
    const requestId = await driver.submit(together(['cv-images']));
    let later = '';
    await driver.run(requestId);
    await driver.approve(requestId);
    await runWith(driver, requestId, async (next, work) => {
      await work();
      if (next.phase === 'clear') later = imageAdded(stage);
    });
    expect((await driver.record(requestId)).state).toBe('completed');
    expect(keysIn(stage.resource, 'cv-images')).toEqual([expect.stringContaining(later)]);
    expect(finalsOf(await ledgersOf(stage, requestId))).toEqual(found.map((key) => `${key} erased absent-from-list`));
    expect(stage.simulator.calls.list.filter(({ query }) => query.includes('allImages'))).toHaveLength(1);
  });

  it('are accounted for when the request is cancelled after the call: gone is erased', async () => {
    await using stage = await open();
    const found = keysIn(stage.resource, 'cv-images');
    const driver = new Driver(stage);
    const requestId = await planned(driver, together(['cv-images']));
    await driver.approve(requestId);
    await runWith(driver, requestId, async (next, work) => {
      await work();
      if (next.phase === 'clear') await withdrawn(stage, requestId);
    });
    expect((await driver.record(requestId)).state).toBe('cancelled');
    expect(finalsOf(await ledgersOf(stage, requestId))).toEqual(found.map((key) => `${key} erased absent-from-list`));
  });

  it('are kept when it is cancelled before the call', async () => {
    await using stage = await open();
    const found = keysIn(stage.resource, 'cv-images');
    const driver = new Driver(stage);
    const requestId = await planned(driver, together(['cv-images']));
    await driver.approve(requestId);
    await runWith(driver, requestId, async (next, work) => {
      if (next.phase === 'clear') await withdrawn(stage, requestId);
      await work();
    });
    expect(changesOf(stage)).toEqual({});
    expect(keysIn(stage.resource, 'cv-images')).toEqual(found);
    expect(finalsOf(await ledgersOf(stage, requestId))).toEqual(found.map((key) => `${key} kept`));
  });
});
