import { buffer } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { type RequestId, runInstanceId } from '../../../../src/lib/domain/ids.ts';
import { type Receipt, receiptSchema } from '../../../../src/lib/domain/receipt.ts';
import type { RequestRecord, Submission } from '../../../../src/lib/domain/request.ts';
import type { Phase } from '../../../../src/lib/domain/run.ts';
import { cancel } from '../../../../src/lib/steps/request/cancel.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { readArchive } from '../support/archive.ts';
import { crashing } from '../support/crashing.ts';
import { Driver } from '../support/driver.ts';
import { finalsOf, ledgersOf } from '../support/ledgers.ts';
import { order } from '../support/redriving.ts';
import { OFFICER } from '../support/request-stores.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { eventsOf } from '../support/use-stage.ts';
import { keysIn } from '../support/world-keys.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 240_000 });

const sizes = { tags: 2, taggedImages: 3, untaggedImages: 1, deletedImages: 1, exports: 0, imageBytes: 30 };
const options = { world: { resources: [{ projects: [sizes] }] }, limits: { sliceItems: 2, roundSlices: 3 } };
const ORDER: Partial<Submission> = { action: 'delete', families: ['cv-tags', 'cv-images'], exportFirst: true };

const itemsIn = ({ resource }: Stage): string[] =>
  ['cv-tags', 'cv-images'].flatMap((family) => keysIn(resource, family));

/** A driver that notes the phases that it comes to, and does something before the first round of each. */
class Watched extends Driver {
  readonly phases: Phase[] = [];
  before: (phase: Phase, requestId: RequestId) => Promise<void> | void = () => undefined;

  override async task(of: Parameters<Driver['task']>[0]): Promise<string> {
    const isNew = this.phases.at(-1) !== of.phase;
    if (isNew) this.phases.push(of.phase);
    if (isNew) await this.before(of.phase, of.requestId);
    return super.task(of);
  }
}

interface Ended {
  readonly record: RequestRecord;
  readonly finals: string[];
  readonly receipt: Receipt;
  readonly files: string[];
  readonly phases: readonly Phase[];
}

async function ended(driver: Watched, record: RequestRecord): Promise<Ended> {
  const { stage, phases } = driver;
  const { requestId } = record;
  const ledgers = await ledgersOf(stage, requestId);
  expect(ledgers.map(({ open }) => open)).toEqual(ledgers.map(() => 0));
  const receipt = await stage.deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
  const opened = await stage.deps.documents.open({ requestId, name: 'package-001.zip' });
  if (!receipt || !opened) throw new Error('Receipt or package is missing.');
  const paths = [...(await readArchive(await buffer(opened.chunks))).keys()];
  const files = paths.map((path) => path.replace(stage.target.name, 'vision')).sort();
  return { record, finals: finalsOf(ledgers), receipt, files, phases };
}

const outcomesOf = ({ finals }: Ended): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const final of finals) {
    const outcome = final.split(' ')[1] ?? '';
    counted[outcome] = (counted[outcome] ?? 0) + 1;
  }
  return counted;
};

async function carriedOut(before: (driver: Watched) => Watched['before'], stage: Stage): Promise<Ended> {
  const driver = new Watched(stage);
  driver.before = before(driver);
  const requestId = await driver.submit(ORDER);
  return ended(driver, await driver.toTheEnd(requestId));
}

const nothing = () => () => undefined;

/** How it ends when nothing happens, found out once. */
let undisturbed: Promise<Ended> | undefined;
async function carriedOutUndisturbed(): Promise<Ended> {
  await using stage = await openStage(azurite.storage, options);
  return await carriedOut(nothing, stage);
}

describe('A delete that exports first', () => {
  it('saves every item, packs them, and only then erases them', async () => {
    await using stage = await openStage(azurite.storage, options);
    const items = itemsIn(stage).length;
    const end = await carriedOut(nothing, stage);
    expect(end.record.state).toBe('completed');
    expect(end.phases.slice(0, 4)).toEqual(['inventory', 'export', 'package', 'erase']);
    expect(itemsIn(stage)).toEqual([]);
    expect(outcomesOf(end)).toEqual({ saved: items, erased: items });
    expect(end.files.filter((path) => path.includes('cv-images/')).length).toBeGreaterThanOrEqual(5);
    expect(end.receipt.manifest).toBeDefined();
    expect(end.receipt).toMatchObject({ asked: { exportFirst: true }, faults: [] });
    const saving = end.receipt.revisions.flatMap(({ tasks }) => tasks.filter(({ role }) => role === 'export-first'));
    expect(saving.map(({ counts }) => counts.saved).reduce((sum, saved) => sum + saved, 0)).toBe(items);
  });

  it.each([
    ['an item whose bytes are refused', { match: { pathPattern: '^/i-.*/o-' }, after: 1, times: 1 }, 403],
    ['an item whose bytes are not there', { match: { pathPattern: '^/i-.*/o-' }, after: 1, times: 1 }, 404],
    ['a list that is refused', { match: { operation: 'GetTags' }, after: 1 }, 403],
    ['a list that is not there', { match: { operation: 'GetTags' }, after: 1 }, 404],
  ])('stands down over %s: nothing is erased, and everything is kept', async (_, rule, status) => {
    await using stage = await openStage(azurite.storage, options);
    const items = itemsIn(stage);
    stage.simulator.faults.add({ ...rule, fault: { kind: 'status', status } });
    const end = await carriedOut(nothing, stage);
    expect(end.record).toMatchObject({ state: 'partially-completed', standDown: expect.any(String) });
    expect(end.record.outcome?.reason).toMatch(/Erasing did not begin/);
    expect(itemsIn(stage)).toEqual(items);
    expect(stage.simulator.calls.list.filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect(outcomesOf(end)).toMatchObject({ kept: items.length });
    expect(end.finals.some((final) => / erased| absent/.test(final))).toBe(false);
    expect(end.receipt.outcome).toEqual(end.record.outcome);
    expect(await eventsOf(stage, end.record.requestId)).toContain('stood-down');
    // What is there now may be something else: it is exported first by a new request.
    const why = expect.stringMatching(/Erasing did not begin.* a new request begins anew/);
    expect(await order(stage, end.record.requestId)).toEqual({ kind: 'refused', why });
  });

  it('stands down when the export finds less than the plan has', async () => {
    await using stage = await openStage(azurite.storage, options);
    const [project] = stage.resource.projects.values();
    const [tag] = project?.workspace.tags.keys() ?? [];
    const end = await carriedOut(
      () => (phase) => {
        if (phase === 'export' && tag !== undefined) project?.workspace.tags.delete(tag);
      },
      stage,
    );
    expect(end.record.state).toBe('partially-completed');
    expect(end.record.standDown).toMatch(/cv-tags on .* found 1 items, the plan has 2/);
    expect(stage.simulator.calls.list.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('stands down when the export finds as much as the plan has, but something else', async () => {
    await using stage = await openStage(azurite.storage, options);
    const [project] = stage.resource.projects.values();
    const [tag] = project?.workspace.tags.values() ?? [];
    if (!project || !tag) throw new Error('The world has no tag.');
    const end = await carriedOut(
      () => (phase) => {
        if (phase !== 'export') return;
        project.workspace.tags.delete(tag.id);
        const id = crypto.randomUUID();
        project.workspace.tags.set(id, { ...tag, id });
      },
      stage,
    );
    expect(end.record.state).toBe('partially-completed');
    expect(end.record.standDown).toMatch(/cv-tags on .* did not find 1 items that the plan has/);
    expect(stage.simulator.calls.list.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it.each<Phase>(['inventory', 'export', 'package', 'erase', 'prove'])(
    'that is cancelled when it comes to the phase "%s" ends as cancelled, with a receipt of what was done',
    async (phase) => {
      await using stage = await openStage(azurite.storage, options);
      const items = itemsIn(stage).length;
      const driver = new Watched(stage);
      driver.before = async (now, requestId) => {
        if (now === phase) await cancel(stage.deps, { requestId, actor: OFFICER });
      };
      const requestId = await driver.submit(ORDER);
      const record = await driver.toTheEnd(requestId);
      expect(record.state).toBe('cancelled');
      if (phase === 'inventory') return;
      const end = await ended(driver, record);
      const erased = items - itemsIn(stage).length;
      expect(erased).toBe(outcomesOf(end).erased ?? 0);
      expect(erased > 0).toBe(phase === 'prove');
      expect((outcomesOf(end).erased ?? 0) + (outcomesOf(end).kept ?? 0)).toBe(items);
    },
  );

  it.each<Phase>(['export', 'package', 'erase', 'prove'])(
    'comes to the same end when the process dies in the phase "%s", and when its run is lost there',
    async (phase) => {
      undisturbed ??= carriedOutUndisturbed();
      const clean = await undisturbed;
      await using fragile = await openStage(azurite.storage, options);
      const died = await carriedOut(
        (driver) => (now) => {
          if (now === phase && driver.crashes === 0) driver.deps = crashing(fragile.deps, 6, 'after').deps;
        },
        fragile,
      );
      expect(itemsIn(fragile)).toEqual([]);
      expect({ state: died.record.state, finals: died.finals, files: died.files }).toEqual({
        state: 'completed',
        finals: clean.finals,
        files: clean.files,
      });
      await using stage = await openStage(azurite.storage, options);
      const driver = new Watched(stage);
      let lost = 0;
      driver.before = (now, requestId) => {
        if (now !== phase || lost > 0) return;
        lost += 1;
        stage.outbox.clear();
        driver.instances.known.set(runInstanceId(requestId, 2), 'ended');
        throw new Error('The run is lost.');
      };
      const requestId = await driver.submit(ORDER);
      await expect(driver.toTheEnd(requestId)).rejects.toThrow('The run is lost.');
      const end = await ended(driver, await driver.toTheEnd(requestId));
      expect({ state: end.record.state, finals: end.finals, files: end.files }).toEqual({
        state: 'completed',
        finals: clean.finals,
        files: clean.files,
      });
    },
  );
});
