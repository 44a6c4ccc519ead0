import { describe, expect, it } from 'vitest';
import { type RequestId, SEAL_TASK } from '../../../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../../../src/lib/domain/ledger.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import { watch } from '../../../../src/lib/steps/runs/watchdog.ts';
import { newRecord } from '../../store/support/records.ts';
import { Driver, KnownInstances } from '../support/driver.ts';
import { eventsOf, stored, useStage } from '../support/use-stage.ts';

const sizes = { tags: 1, taggedImages: 1, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 30 };
const here = useStage({ world: { resources: [{ projects: [sizes] }] } });
const ATTEMPTS = 3;

/** Every run that starts dies at once. */
class Deadly extends KnownInstances {
  override async start(instanceId: string): Promise<void> {
    await super.start(instanceId);
    this.known.set(instanceId, 'ended');
  }
}

const read = async (requestId: RequestId): Promise<RequestRecord> => {
  const record = await here.stage.deps.records.read(requestId);
  if (!record) throw new Error('The record is gone.');
  return record;
};

/** Starts runs that die, so many; how the request stands after each. */
async function dying(requestId: RequestId, times: number, instances = new Deadly()): Promise<RequestRecord[]> {
  const records: RequestRecord[] = [];
  for (let time = 0; time < times; time += 1) {
    await startRun(here.stage.deps, requestId, instances);
    records.push(await read(requestId));
  }
  return records;
}

describe('A request whose runs begin and die', () => {
  it('ends with a reason where nothing was touched', async () => {
    const { requestId } = await stored(here.stage, { state: 'received' });
    const instances = new Deadly();
    await dying(requestId, 1 + ATTEMPTS, instances);
    expect(await read(requestId)).toMatchObject({
      state: 'sealing',
      outcome: { event: 'fail', reason: '3 runs in a row began and died without getting any further.' },
    });
    await dying(requestId, 2 * ATTEMPTS, instances);
    const ended = await read(requestId);
    expect(ended).toMatchObject({ state: 'failed', run: { ended: true }, withoutPackage: true });
    expect(ended.endedAt).toBeDefined();
    const starts = instances.starts.length;
    await dying(requestId, 2, instances);
    expect(instances.starts).toHaveLength(starts);
  });

  it('begins nothing more first, and what it did is accounted for by the next run that lives', async () => {
    const driver = new Driver(here.stage);
    const requestId = await driver.submit({ action: 'delete', families: ['cv-tags'] });
    await driver.run(requestId);
    await driver.approve(requestId);
    await dying(requestId, 1 + ATTEMPTS);
    expect(await read(requestId)).toMatchObject({ state: 'running', standDown: expect.stringContaining('in a row') });
    driver.instances.known.set(`${requestId}.${(await read(requestId)).run.n}`, 'ended');
    const ended = await driver.toTheEnd(requestId);
    expect(ended).toMatchObject({
      state: 'partially-completed',
      outcome: { reason: expect.stringContaining('in a row') },
    });
    const { documents } = here.stage.deps;
    expect(await documents.open({ requestId, name: 'receipt.json' })).toBeDefined();
  });

  it('never ends without a receipt once something was touched: the operator is told, again and again', async () => {
    const { requestId } = await stored(here.stage, {
      state: 'running',
      submission: { ...newRecord().submission, action: 'delete' },
      touchedUpstream: true,
      run: { n: 1, ended: true },
    });
    await dying(requestId, 1 + 5 * ATTEMPTS);
    expect(await read(requestId)).toMatchObject({ state: 'sealing', outcome: { event: 'complete-partially' } });
    const told = (await eventsOf(here.stage, requestId)).filter((event) => event === 'escalated');
    expect(told.length).toBeGreaterThanOrEqual(2);
  });

  it('is given as many runs as it needs while each gets further than the one before', async () => {
    const { requestId } = await stored(here.stage, { state: 'sealing', run: { n: 1, ended: false } });
    const { rounds, clock } = here.stage.deps;
    const instances = new Deadly();
    instances.known.set(`${requestId}.1`, 'ended');
    for (let saved = 1; saved <= 3 * ATTEMPTS; saved += 1) {
      const counts = { ...NO_COUNTS, saved };
      const updatedAt = clock.now().toISOString();
      const open = { open: 1, moreOpen: false, finished: false };
      await rounds.writeProgress(requestId, SEAL_TASK, { v: 1, phase: 'package', counts, ...open, updatedAt });
      await startRun(here.stage.deps, requestId, instances);
      expect((await read(requestId)).run.deaths?.count).toBe(1);
    }
    expect(await read(requestId)).toMatchObject({ state: 'sealing', run: { ended: false } });
  });

  it('is started again later and later, by the watchdog', async () => {
    const { requestId } = await stored(here.stage, { state: 'running', run: { n: 1, ended: true } });
    const { deps, clock } = here.stage;
    const alone: Dependencies = {
      ...deps,
      limits: { ...deps.limits, runAttempts: 100 },
      records: { ...deps.records, list: async ({ state }) => ({ requestIds: state === 'running' ? [requestId] : [] }) },
    };
    const instances = new Deadly();
    const minutes: number[] = [];
    for (let minute = 1; minute <= 130; minute += 1) {
      clock.turn(60);
      const before = instances.starts.length;
      await watch(alone, instances, new Date(clock.now().getTime() + 1000));
      if (instances.starts.length > before) minutes.push(minute);
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
  });
});
