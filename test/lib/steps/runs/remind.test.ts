import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { addDays, addSeconds } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { announcer } from '../../../../src/lib/steps/callbacks/announce.ts';
import { CALLBACKS_QUEUE } from '../../../../src/lib/steps/queue-names.ts';
import { liftHold, setHold } from '../../../../src/lib/steps/request/order-hold.ts';
import { viewRequest } from '../../../../src/lib/steps/request/view.ts';
import { watch } from '../../../../src/lib/steps/runs/watchdog.ts';
import { remindOfHolds } from '../../../../src/lib/steps/sweeps/hold-reviews.ts';
import { Tally } from '../../../../src/lib/steps/sweeps/sweep.ts';
import type { RecordStore } from '../../../../src/lib/store/records.ts';
import { recordStore } from '../../../../src/lib/store/records.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';
import { KnownInstances } from '../support/driver.ts';
import { OFFICER } from '../support/request-stores.ts';
import { openStage } from '../support/stage.ts';
import { eventsOf } from '../support/use-stage.ts';

const azurite = useAzurite();
const DAY = 86_400;

/** A stage of its own on which one request that listens waits, looked at every six hours. */
async function watching(change: (now: Date) => Partial<RequestRecord>) {
  const stage = await openStage(azurite.storage, {
    world: { resources: [{ projects: 0 }] },
    limits: { remindDays: [7, 3, 1] },
  });
  const records = recordStore(azurite.storage, announcer(stage.outbox));
  const { submission, ...rest } = newRecord();
  const record: RequestRecord = {
    ...rest,
    submission: { ...submission, action: 'delete', callbackUrls: ['https://portal.example/told'] },
    targets: [stage.target.name],
    stateSince: stage.clock.now().toISOString(),
    deadline: addDays(stage.clock.now(), 365).toISOString(),
    ...change(stage.clock.now()),
  };
  await records.create(record);
  const alone: RecordStore = {
    ...records,
    list: async ({ state }) => ({ requestIds: state === record.state ? [record.requestId] : [] }),
  };
  const deps = { ...stage.deps, records: alone };
  const instances = new KnownInstances();
  const days = async (count: number): Promise<void> => {
    for (let quarter = 0; quarter < count * 4; quarter += 1) {
      await watch(deps, instances, addSeconds(stage.clock.now(), 3600));
      stage.clock.turn(DAY / 4);
    }
  };
  const read = async () => (await records.read(record.requestId)) ?? record;
  const told = () => stage.outbox.waiting.filter(({ queue }) => queue === CALLBACKS_QUEUE).length;
  const stop = () => stage[Symbol.asyncDispose]();
  return { stage, deps, instances, requestId: record.requestId, days, read, told, [Symbol.asyncDispose]: stop };
}
type Watching = Awaited<ReturnType<typeof watching>>;

const awaiting = (now: Date): Partial<RequestRecord> => ({
  state: 'awaiting-decision',
  run: { n: 1, ended: true },
  plan: { revision: 1, hash: 'a'.repeat(64) },
  decisionDeadline: addDays(now, 14).toISOString(),
});

const noticesOf = async ({ stage, requestId }: Watching): Promise<string[]> =>
  (await eventsOf(stage, requestId)).filter((event) => !['submitted', 'held', 'run-claimed'].includes(event));

describe('Reminders', () => {
  it('of a decision come once at each distance and are told; then the wait ends', async () => {
    await using one = await watching(awaiting);
    await one.days(13.5);
    expect(await noticesOf(one)).toEqual(['decision-reminder', 'decision-reminder', 'decision-reminder']);
    expect(one.told()).toBe(3);
    expect((await one.read()).changes?.map(({ notice, state }) => [notice, state])).toEqual(
      Array.from({ length: 3 }, () => ['decision-reminder', 'awaiting-decision']),
    );
    await one.days(1);
    expect(await one.read()).toMatchObject({ state: 'expired' });
  });

  it('are given once although the watchdog dies between telling and writing, or runs twice at once', async () => {
    await using one = await watching(awaiting);
    one.stage.clock.turn(8 * DAY);
    const look = (records: RecordStore) =>
      watch({ ...one.deps, records }, one.instances, addSeconds(one.stage.clock.now(), 3600));
    const dead = recordStore(azurite.storage, async (record) => {
      await announcer(one.stage.outbox)(record);
      throw new Error('The process ended.');
    });
    expect(await look({ ...dead, list: one.deps.records.list })).toMatchObject({ failed: 1, reminded: 0 });
    expect(await noticesOf(one)).toEqual([]);
    await Promise.all([look(one.deps.records), look(one.deps.records)]);
    expect(await noticesOf(one)).toEqual(['decision-reminder']);
    const seqs = one.stage.outbox.waiting.map(({ message }) => JSON.stringify(message));
    expect(new Set(seqs).size).toBe(1);
  });

  it('of a hold come when its review date is over, and then each week, and the request goes on waiting', async () => {
    await using one = await watching(awaiting);
    const reviewBy = addDays(one.stage.clock.now(), 3).toISOString();
    const order = { request: one.requestId, reason: 'a court asked for it', reviewBy, allowExports: false };
    await setHold(one.deps, order, OFFICER);
    expect(await viewRequest(one.deps, one.requestId)).toMatchObject({
      waitsFor: { owner: 'operator', deadline: reviewBy },
    });
    await one.days(3);
    expect((await one.read()).held?.reminded).toBeUndefined();
    await one.days(15);
    const reminders = (await noticesOf(one)).filter((event) => event === 'hold-review');
    expect(reminders).toHaveLength(3);
    expect(await one.read()).toMatchObject({ state: 'awaiting-decision' });
  });
});

describe('A hold that keeps no request back', () => {
  it('is reminded of by the daily walk when its review date is over, and then each week, until it is lifted', async () => {
    await using stage = await openStage(azurite.storage, { world: { resources: [{ projects: 0 }] } });
    const told: object[] = [];
    const deps = {
      ...stage.deps,
      log: (event: string, facts: object) => void (event === 'hold-review' && told.push(facts)),
    };
    const now = stage.clock.now();
    const reviewBy = addDays(now, 3).toISOString();
    const order = { reference: 'someone-without-requests', reason: 'litigation', reviewBy, allowExports: false };
    const set = await setHold(deps, order, OFFICER);
    if (set.kind !== 'set') throw new Error(set.kind);
    // Named by the end of its id: what is logged can't be held against a guess at the person.
    const itself = { hold: `subject.${set.hold.id.slice(-16)}`, reviewBy };
    /** How often the walk told of this hold: others of the same account have reviews of their own. */
    const walk = async (dryRun: boolean): Promise<number> => {
      const before = told.length;
      const tally = new Tally({ reviews: 0, failed: 0 });
      await remindOfHolds(deps, { order: { until: addDays(stage.clock.now(), 1), dryRun }, tally });
      if (!dryRun) expect(tally.counts.reviews).toBe(told.length - before);
      else expect(told.length).toBe(before);
      would.push(tally.counts.reviews);
      return told.slice(before).filter((facts) => isDeepStrictEqual(facts, itself)).length;
    };
    const would: number[] = [];
    const reminders: number[] = [];
    for (const day of [2, 3, 4, 9, 11]) {
      stage.clock.turnTo(addDays(now, day));
      await walk(true);
      reminders.push(await walk(false));
      expect(would.at(-2), 'what the dry run counts').toBe(would.at(-1));
    }
    expect(reminders).toEqual([0, 1, 0, 0, 1]);
    await liftHold(deps, { id: set.hold.id, reason: 'settled', actor: OFFICER });
    stage.clock.turnTo(addDays(now, 30));
    expect(await walk(false)).toBe(0);
  });
});

describe('An escalation', () => {
  it('comes for a request that is not at its end a day after its deadline, weekly, and disturbs no run', async () => {
    await using one = await watching((now) => ({
      state: 'running',
      run: { n: 1, ended: false },
      deadline: now.toISOString(),
    }));
    one.instances.known.set(`${one.requestId}.1`, 'alive');
    await one.days(1);
    expect(await noticesOf(one)).toEqual([]);
    await one.days(8);
    expect(await noticesOf(one)).toEqual(['escalated', 'escalated']);
    expect(one.told()).toBe(2);
    expect(await one.read()).toMatchObject({ state: 'running', run: { n: 1, ended: false } });
    expect(one.instances.starts).toEqual([]);
  });
});

describe('A request that waits for another on its target', () => {
  const behind = (other: RequestId, days: number) => (now: Date) => ({
    state: 'running' as const,
    touchedUpstream: true,
    run: { n: 1, ended: true },
    deadline: addDays(now, days).toISOString(),
    waitingFor: { target: 'vision', request: other, since: now.toISOString() },
  });

  it('is left alone while that works, and no longer than until its own deadline', async () => {
    const other = newRecord({ state: 'running', run: { n: 1, ended: false } });
    await recordStore(azurite.storage).create(other);
    await using one = await watching(behind(other.requestId, 2));
    await one.days(1.75);
    expect(one.instances.starts).toEqual([]);
    expect(await viewRequest(one.deps, one.requestId)).toMatchObject({ waitsFor: { owner: 'another request' } });
    await one.days(0.75);
    expect(one.instances.starts).toEqual([`${one.requestId}.2`]);
  });
});
