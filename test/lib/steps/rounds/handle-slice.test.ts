import { describe, expect, it } from 'vitest';
import { childSliceId, rootSliceId, type SliceId } from '../../../../src/lib/domain/ids.ts';
import type { SliceMessage } from '../../../../src/lib/domain/slice.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { giveUpSlice } from '../../../../src/lib/steps/rounds/give-up.ts';
import { type Handled, handleSlice } from '../../../../src/lib/steps/rounds/handle-slice.ts';
import { rootWork } from '../../../../src/lib/steps/rounds/root-work.ts';
import { inventoryOf } from '../support/erasing.ts';
import { finalsOf, ledgerOf, type TaskLedger } from '../support/ledgers.ts';
import { inventoried, opened, type Prepared, prepare } from '../support/prepared.ts';
import { useStage } from '../support/use-stage.ts';
import { keysIn } from '../support/world-keys.ts';

const here = useStage({
  world: { resources: [{ projects: [{ tags: 4, taggedImages: 3, untaggedImages: 2, imageBytes: 20 }] }] },
  limits: { sliceItems: 2, sliceDownloads: 1, sliceAttempts: 3, patienceSeconds: 100 },
});

const silent = async (): Promise<void> => undefined;
const handle = (message: SliceMessage, deps: Dependencies = here.stage.deps): Promise<Handled> =>
  handleSlice(deps, message, silent);

async function walkOf(at: Prepared, phase: 'export' | 'inventory'): Promise<SliceMessage> {
  const work = await rootWork(here.stage.deps, { ...at, phase });
  return opened(here.stage, at, { sliceId: rootSliceId(phase), work });
}

/** Handles whatever is open until nothing is, each message `copies` times at once. */
async function toTheEnd(at: Prepared, copies: number): Promise<Handled[]> {
  const { slices } = here.stage.deps;
  const all: Handled[] = [];
  for (;;) {
    const open = await slices.listOpen(at.requestId, at.taskId, 100);
    if (open.slices.length === 0) return all;
    const messages = open.slices.flatMap(({ sliceId }) => Array<SliceMessage>(copies).fill(at.message(sliceId)));
    all.push(...(await Promise.all(messages.map((message) => handle(message)))));
  }
}

const ledger = (at: Prepared, family: string): Promise<TaskLedger> => ledgerOf(here.stage, { ...at, family });
const doneIds = async (at: Prepared): Promise<SliceId[]> =>
  (await here.stage.deps.slices.listDone(at, '', { limit: 1000 })).slices.map(({ sliceId }) => sliceId);

describe('A message for a slice', () => {
  it('that comes three times at once leads to one result for each slice, and to every item once', async () => {
    const at = await prepare(here.stage, 'cv-images');
    await walkOf(at, 'export');
    const handled = await toTheEnd(at, 3);
    expect(handled).toContain('raced');
    const { lines, counts } = await ledger(at, 'cv-images');
    const keys = lines.flatMap((line) => (line.line === 'item' ? [line.key] : []));
    expect(keys.sort()).toEqual(keysIn(here.stage.resource, 'cv-images'));
    expect(counts.saved).toBe(keys.length);
  });

  it('that comes again after the slice has ended opens nothing and calls nobody', async () => {
    const at = await prepare(here.stage, 'cv-images');
    const root = await walkOf(at, 'export');
    await toTheEnd(at, 1);
    const before = { ids: await doneIds(at), calls: here.stage.simulator.calls.total };
    for (const sliceId of before.ids) expect(await handle(at.message(sliceId))).toBe('done-before');
    expect(await handle(root)).toBe('done-before');
    expect({ ids: await doneIds(at), calls: here.stage.simulator.calls.total }).toEqual(before);
    expect((await ledger(at, 'cv-images')).open).toBe(0);
  });

  it('whose slice somebody else ended meanwhile, all that it left included, opens nothing again', async () => {
    const at = await prepare(here.stage, 'cv-images');
    const root = await walkOf(at, 'export');
    const { deps } = here.stage;
    let overtaken = false;
    // Before the slow one commits, another run of the same slice commits, and everything after it is done.
    const slow: Dependencies = {
      ...deps,
      slices: {
        ...deps.slices,
        commit: async (ref, header, lines) => {
          if (!overtaken) {
            overtaken = true;
            expect(await handle(root)).toBe('done');
            await toTheEnd(at, 1);
          }
          return deps.slices.commit(ref, header, lines);
        },
      },
    };
    expect(await handle(root, slow)).toBe('done');
    expect(overtaken).toBe(true);
    expect((await ledger(at, 'cv-images')).open).toBe(0);
  });

  it('of another run, of a request that has ended or of a slice that nobody knows is stale', async () => {
    const at = await prepare(here.stage, 'cv-tags', { run: { n: 3, ended: false } });
    await walkOf(at, 'inventory');
    const message = { ...at.message(rootSliceId('inventory')), run: 2 };
    expect(await handle(message)).toBe('stale');
    expect(await handle({ ...message, run: 3, sliceId: rootSliceId('erase') })).toBe('stale');
    const ended = await prepare(here.stage, 'cv-tags', { state: 'completed' });
    expect(await handle(await walkOf(ended, 'inventory'))).toBe('stale');
    expect(await doneIds(at)).toEqual([]);
  });
});

describe('A slice that upstream tells to wait', () => {
  it('counts no attempt, sends itself again for that very time, and goes on then', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const message = await walkOf(at, 'inventory');
    here.stage.outbox.clear();
    here.stage.simulator.faults.add({
      match: { operation: 'GetProjects' },
      fault: { kind: 'throttled', retryAfterSeconds: 40 },
      times: 1,
    });
    expect(await handle(message)).toBe('waiting');
    const due = new Date(here.stage.clock.now().getTime() + 40_000);
    expect(here.stage.outbox.waiting).toEqual([{ queue: 'dsr-cv-tags', message, due }]);
    const slice = await here.stage.deps.slices.readOpen(message);
    expect(slice?.facts).toMatchObject({ attempts: 0, notBefore: due.toISOString() });
    here.stage.clock.turnTo(due);
    expect(await handle(message)).toBe('done');
    here.stage.simulator.faults.clear();
  });
});

describe('A slice that dies at every attempt', () => {
  it('is given up after as many as are allowed, and what it held is said', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const message = await walkOf(at, 'inventory');
    const broken: Dependencies = {
      ...here.stage.deps,
      upstream: { ...here.stage.deps.upstream, page: () => Promise.reject(new TypeError('a defect')) },
    };
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await expect(handle(message, broken)).rejects.toThrow('a defect');
      const errors = Array.from({ length: attempt }, () => 'TypeError');
      expect((await here.stage.deps.slices.readOpen(message))?.facts).toMatchObject({ attempts: attempt, errors });
    }
    expect(await handle(message, broken)).toBe('given-up');
    const { lines, open } = await ledger(at, 'cv-tags');
    expect(open).toBe(0);
    const reason = expect.stringMatching(/given up\. Its last error: TypeError\.$/);
    expect(lines).toEqual([{ line: 'gap', place: 'walk', reason }]);
    const header = await here.stage.deps.slices.readHeader(message);
    expect(header).toMatchObject({ givenUp: true, lastError: 'TypeError' });
  });

  it('reports what it was to prove as refused, item by item: nothing is claimed to be gone', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const found = inventoryOf(here.stage, 'cv-tags');
    const inventory = await inventoried(here.stage, at, found);
    const sliceId = rootSliceId('prove');
    const message = await opened(here.stage, at, { sliceId, work: { kind: 'prove', inventory, from: 1 } });
    await giveUpSlice(here.stage.deps, message, silent);
    expect(finalsOf([await ledger(at, 'cv-tags')])).toEqual(
      found
        .slice(1)
        .map(({ key }) => `${key} refused`)
        .sort(),
    );
  });

  it('leaves to the proof what it was to erase: still there is refused, gone is erased', async () => {
    const at = await prepare(here.stage, 'cv-iterations');
    const found = inventoryOf(here.stage, 'cv-iterations');
    const inventory = await inventoried(here.stage, at, found);
    const work = { inventory, from: 0 };
    const ids = { erase: childSliceId('erase', inventory, 0), prove: childSliceId('prove', inventory, 0) };
    const message = await opened(here.stage, at, { sliceId: ids.erase, work: { kind: 'erase', ...work } });
    const { upstream } = here.stage.deps;
    const send: typeof upstream.send = (target, call) =>
      call.operation.route.startsWith('DELETE')
        ? Promise.reject(new TypeError('a defect'))
        : upstream.send(target, call);
    const broken: Dependencies = { ...here.stage.deps, upstream: { ...upstream, send } };
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(handle(message, broken)).rejects.toThrow('a defect');
    expect(await handle(message, broken)).toBe('given-up');
    const [first] = found;
    for (const { iterations } of here.stage.resource.projects.values()) iterations.delete(first?.key.slice(-36) ?? '');
    await handle(await opened(here.stage, at, { sliceId: ids.prove, work: { kind: 'prove', ...work } }));
    const expected = found.map(({ key }) => (key === first?.key ? `${key} erased item-404` : `${key} refused`));
    expect(finalsOf([await ledger(at, 'cv-iterations')])).toEqual(expected.sort());
  });

  it('keeps a result that was committed after all', async () => {
    const at = await prepare(here.stage, 'cv-tags');
    const message = await walkOf(at, 'inventory');
    await handle(message);
    const before = await ledger(at, 'cv-tags');
    await giveUpSlice(here.stage.deps, message, silent);
    expect(await ledger(at, 'cv-tags')).toEqual(before);
  });
});
