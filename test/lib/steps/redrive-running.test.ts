import { describe, expect, it, vi } from 'vitest';
import { childSliceId, mintTaskId, type RequestId } from '../../../src/lib/domain/ids.ts';
import type { RequestRecord } from '../../../src/lib/domain/request.ts';
import { redrive } from '../../../src/lib/steps/redrive/redrive.ts';
import { setHold } from '../../../src/lib/steps/request/order-hold.ts';
import { giveUpSlice } from '../../../src/lib/steps/rounds/give-up.ts';
import { watch } from '../../../src/lib/steps/runs/watchdog.ts';
import { newRecord } from '../store/support/records.ts';
import { crashing } from './support/crashing.ts';
import { Driver } from './support/driver.ts';
import { eventsIn, failuresOf, OPERATOR, order, partly, receiptOf, refusing } from './support/redriving.ts';
import { STRANGER } from './support/request-stores.ts';
import { planned, runWith } from './support/together.ts';
import { useStage } from './support/use-stage.ts';

vi.setConfig({ testTimeout: 120_000 });
const sizes = { tags: 2, taggedImages: 1, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 10 };
const used = useStage({ world: { resources: [{ projects: Array(8).fill(sizes) }] }, limits: { sliceItems: 20 } });
const tags = { action: 'delete' as const, families: ['cv-tags'] };

/** Brings a delete through its first phases; once they are done, but not accounted for, somebody orders something. */
async function orderedAtTheEnd(driver: Driver, requestId: RequestId, act: () => Promise<void>): Promise<void> {
  await driver.approve(requestId);
  await runWith(driver, requestId, async ({ phase, taskIds }, work) => {
    await work();
    if (phase === 'prove' && taskIds[0] === mintTaskId(1, 0)) await act();
  });
}

describe('What failed while a request still runs', () => {
  it('is listed and, once ordered, done again before the request ends: it is sealed once', async () => {
    const { stage } = used;
    const driver = new Driver(stage);
    const requestId = await planned(driver, tags);
    stage.simulator.faults.add(refusing('DeleteTag', { times: 2 }));
    await orderedAtTheEnd(driver, requestId, async () => {
      const failures = await failuresOf(stage, requestId);
      expect(failures.map(({ kind, family, error }) => [kind, family, error.slice(0, 14)])).toEqual(
        Array(2).fill(['item', 'cv-tags', 'DeleteTag: 403']),
      );
      expect(await order(stage, requestId)).toMatchObject({ kind: 'ordered', record: { state: 'running' } });
      expect(await order(stage, requestId)).toMatchObject({ kind: 'ordered', record: { redrives: 1 } });
    });
    expect(await driver.record(requestId)).toMatchObject({ state: 'completed', plan: { revision: 2 } });
    const { receipt } = await receiptOf(stage, requestId);
    expect(receipt.totals).toMatchObject({ found: 16, erased: 16, refused: 0 });
    expect(receipt).not.toHaveProperty('edition');
    expect((await eventsIn(stage, requestId)).filter((event) => event.startsWith('redr'))).toEqual([
      'redrive-ordered',
      'redriven',
    ]);
  });

  it('may be a slice that was given up: it is listed as one, and what it held is done again', async () => {
    const { stage } = used;
    const driver = new Driver(stage);
    const requestId = await driver.submit({ action: 'delete', families: ['cv-iterations'] });
    await driver.run(requestId);
    await driver.approve(requestId);
    await runWith(driver, requestId, async ({ phase, taskIds }, work) => {
      const [taskId] = taskIds;
      if (phase === 'erase' && taskId === mintTaskId(1, 0)) await poisoned(driver, requestId);
      await work();
      if (phase !== 'erase' || taskId !== mintTaskId(1, 0)) return;
      const failures = await failuresOf(stage, requestId);
      expect(failures).toMatchObject([{ kind: 'slice', taskId, error: 'StorageFailure (write blob, 503)' }]);
      const only = failures.map(({ sliceId }) => ({ taskId: mintTaskId(1, 0), sliceId }));
      expect(await order(stage, requestId, only)).toMatchObject({ kind: 'ordered' });
    });
    expect(await driver.record(requestId)).toMatchObject({ state: 'completed', plan: { revision: 2 } });
    const { totals, faults } = (await receiptOf(stage, requestId)).receipt;
    expect(faults).toEqual([]);
    expect(totals).toMatchObject({ erased: totals.found, refused: 0 });
  });
});

/** Every slice that the spreading of a phase left is given up, as its poison message says. */
async function poisoned({ stage }: Driver, requestId: RequestId): Promise<void> {
  const taskId = mintTaskId(1, 0);
  const { n } = (await stage.deps.records.read(requestId))?.run ?? { n: 0 };
  const slices = await stage.deps.slices.listDone({ requestId, taskId }, 'inventory', { limit: 100 });
  for (const { sliceId: inventory, counts } of slices.slices) {
    if (counts.found === 0) continue;
    const sliceId = childSliceId('erase', inventory, 0);
    await stage.deps.slices.open(requestId, taskId, { sliceId, work: { kind: 'erase', inventory, from: 0 } });
    const ref = { requestId, taskId, sliceId };
    const noted = await stage.deps.slices.readOpen(ref);
    const facts = { attempts: 1, errors: ['StorageFailure (write blob, 503)'] };
    await stage.deps.slices.note(ref, facts, noted?.etag ?? '');
    await giveUpSlice(stage.deps, { v: 1, ...ref, run: n }, async () => undefined);
  }
}

describe('An order to send a request again', () => {
  const ended = async (change: Partial<RequestRecord>): Promise<RequestId> => {
    const record = newRecord({ state: 'partially-completed', targets: [used.stage.target.name], ...change });
    await used.stage.deps.records.create(record);
    return record.requestId;
  };
  const at = '2026-01-06T00:00:00.000Z';
  const NO_COUNTS = { found: 0, saved: 0, erased: 0, absent: 0, kept: 0, refused: 0 };

  it.each<[string, Partial<RequestRecord>, RegExp]>([
    ['that is complete', { state: 'completed' }, /It is completed/],
    ['that waits for a decision', { state: 'awaiting-decision' }, /It is awaiting-decision/],
    ['that was withdrawn', { state: 'running', cancel: { at, actor: 'portal', reason: 'no' } }, /cancelled/],
    [
      'whose results are gone',
      { results: { since: at, totals: { ...NO_COUNTS, gaps: 0, drift: 0, documents: 0, bytes: 0 } } },
      /results were removed/,
    ],
    ['whose person is forgotten', { forgotten: { at } }, /person was removed/],
    ['whose person is about to be', { forgettingSince: at }, /person was removed/],
    ['that left nothing', {}, /Nothing of this has failed/],
    ['that was sent again often enough', { redrives: 20 }, /sent again 20 times/],
  ])('is refused for one %s', async (_, change, why) => {
    const requestId = await ended(change);
    const refused = await order(used.stage, requestId);
    expect(refused).toMatchObject({ kind: 'refused' });
    expect(refused.kind === 'refused' && refused.why).toMatch(why);
    expect(used.stage.outbox.waiting.filter(({ message }) => JSON.stringify(message).includes(requestId))).toEqual([]);
  });

  it('is refused to a caller without a name, for a task that is unknown, and while a hold lies on it', async () => {
    const { stage } = used;
    const requestId = await ended({});
    const unnamed = { requestId, order: { reason: 'again' }, actor: STRANGER };
    expect(await redrive(stage.deps, unnamed)).toEqual({ kind: 'unnamed' });
    expect(await order(stage, requestId, [{ taskId: mintTaskId(1, 7) }])).toEqual({ kind: 'unknown', index: 0 });
    const terms = { reason: 'litigation', reviewBy: '2126-01-01T00:00:00.000Z', allowExports: false };
    const hold = await setHold(stage.deps, { request: requestId, ...terms }, OPERATOR);
    expect(hold.kind).toBe('set');
    expect(await order(stage, requestId)).toMatchObject({ kind: 'refused', why: expect.stringMatching(/held/) });
  });

  it('that nobody heard of any more, or that came twice at once, is carried out once', async () => {
    const { stage } = used;
    const driver = new Driver(stage);
    const requestId = await partly(driver, { action: 'delete', families: ['cv-images'] }, [
      refusing('DeleteImages', { after: 1 }),
    ]);
    const { run } = await driver.record(requestId);
    const faulty = crashing(stage.deps, 6, 'after');
    const input = { requestId, order: { reason: 'The lock is lifted.' }, actor: OPERATOR };
    const outcomes = await Promise.allSettled([redrive(faulty.deps, input), order(stage, requestId)]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await order(stage, requestId)).toMatchObject({ kind: 'ordered', record: { redrives: 1, edition: 2 } });
    stage.outbox.clear();
    stage.clock.turn(120);
    await vi.waitFor(async () => {
      // What an index of tags shows lags behind.
      await watch(stage.deps, driver.instances, new Date(stage.clock.now().getTime() + 60_000));
      expect((await driver.record(requestId)).run.n).toBe(run.n + 1);
    });
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect((await eventsIn(stage, requestId)).filter((event) => event === 'resume')).toHaveLength(1);
  });
});
