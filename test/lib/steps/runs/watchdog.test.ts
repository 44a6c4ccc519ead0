import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { ACTIVE_STATES } from '../../../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { REQUESTS_QUEUE } from '../../../../src/lib/steps/queue-names.ts';
import { watch } from '../../../../src/lib/steps/runs/watchdog.ts';
import { UnreadableBlob } from '../../../../src/lib/store/failure.ts';
import { KnownInstances } from '../support/driver.ts';
import { eventsOf, stored, useStage } from '../support/use-stage.ts';

const here = useStage({ world: { resources: [{ projects: 0 }] } });
const read = async (requestId: RequestId): Promise<RequestRecord> => {
  const record = await here.stage.deps.records.read(requestId);
  if (!record) throw new Error('The record is gone.');
  return record;
};

/** One tick of the timer, with all the time that it needs. Other tests' requests are looked at too. */
const tick = (instances = new KnownInstances()) => {
  const { deps, clock } = here.stage;
  return watch(deps, instances, addSeconds(clock.now(), 3600));
};

/** Whether a tick stopped before the end; what it kept stays kept. */
async function positionIsKept(): Promise<boolean> {
  const { watchPositions } = here.stage.deps;
  const position = await watchPositions.take();
  if (position) await watchPositions.keep(position);
  return position !== undefined;
}

const awaiting = (change: Partial<RequestRecord> = {}) => {
  const { clock } = here.stage;
  const decisionDeadline = addSeconds(clock.now(), 86_400).toISOString();
  const plan = { revision: 1, hash: 'a'.repeat(64) };
  return stored(here.stage, {
    state: 'awaiting-decision',
    run: { n: 1, ended: true },
    decisionDeadline,
    plan,
    ...change,
  });
};

describe('The watchdog', () => {
  it.each(ACTIVE_STATES)('starts a run for a request that is %s and has none', async (state) => {
    const run = { n: state === 'received' ? 0 : 1, ended: true };
    const { requestId } = await stored(here.stage, { state, run });
    here.stage.clock.turn(3600);
    const instances = new KnownInstances();
    await tick(instances);
    expect(instances.starts).toContain(`${requestId}.${run.n + 1}`);
    expect((await read(requestId)).run).toMatchObject({ n: run.n + 1, ended: false });
  });

  it('starts the next run where the run has died, and the same run where it never came to life', async () => {
    const died = await stored(here.stage, { state: 'running', run: { n: 4, ended: false } });
    const unborn = await stored(here.stage, { state: 'running', run: { n: 4, ended: false } });
    here.stage.clock.turn(3600);
    const instances = new KnownInstances();
    instances.known.set(`${died.requestId}.4`, 'ended');
    await tick(instances);
    expect(instances.starts).toContain(`${died.requestId}.5`);
    expect(instances.starts).toContain(`${unborn.requestId}.4`);
  });

  it('never disturbs a run that is alive, however long it lives', async () => {
    const { requestId } = await stored(here.stage, { state: 'running', run: { n: 2, ended: false } });
    const before = await read(requestId);
    const instances = new KnownInstances();
    instances.known.set(`${requestId}.2`, 'alive');
    for (let day = 0; day < 5; day += 1) {
      here.stage.clock.turn(86_400);
      await tick(instances);
    }
    expect(await read(requestId)).toEqual(before);
    expect(instances.starts.filter((id) => id.startsWith(requestId))).toEqual([]);
  });

  it('leaves a request alone that came in this very minute: its message is on its way', async () => {
    const { requestId } = await stored(here.stage, { state: 'received', run: { n: 0, ended: true } });
    const instances = new KnownInstances();
    await tick(instances);
    expect(instances.starts.filter((id) => id.startsWith(requestId))).toEqual([]);
  });

  it('never disturbs a wait for a person before its deadline', async () => {
    const { requestId } = await awaiting();
    const before = await read(requestId);
    here.stage.clock.turn(86_399);
    await tick();
    expect(await read(requestId)).toEqual(before);
  });

  it('ends a wait for a decision at its deadline; nothing was touched, so nothing is accounted for', async () => {
    const { requestId } = await awaiting();
    here.stage.clock.turn(86_400);
    expect((await tick()).expired).toBeGreaterThanOrEqual(1);
    expect(await read(requestId)).toMatchObject({ state: 'expired', endedAt: here.stage.clock.now().toISOString() });
    expect(await eventsOf(here.stage, requestId)).toContain('expire');
  });

  it('has what was done before accounted for, when nobody decides on a later revision of a plan', async () => {
    const { requestId } = await awaiting({ touchedUpstream: true, plan: { revision: 2, hash: 'b'.repeat(64) } });
    here.stage.clock.turn(86_400);
    here.stage.outbox.clear();
    await tick();
    const record = await read(requestId);
    expect(record).toMatchObject({ state: 'sealing', outcome: { event: 'complete-partially' } });
    expect(record.endedAt).toBeUndefined();
    const sent = here.stage.outbox.waiting.filter(({ queue }) => queue === REQUESTS_QUEUE);
    expect(sent.map(({ message }) => message)).toContainEqual({ v: 1, requestId });
  });

  it('never looks at a request that has ended', async () => {
    const ended = await Promise.all(
      (['completed', 'failed', 'cancelled', 'rejected', 'expired', 'partially-completed'] as const).map((state) =>
        stored(here.stage, { state, run: { n: 1, ended: true } }),
      ),
    );
    here.stage.clock.turn(86_400);
    const instances = new KnownInstances();
    await tick(instances);
    for (const record of ended) expect(await read(record.requestId)).toEqual(record);
  });

  it('comes to all others where one record is unreadable and of another the durable client tells nothing', async () => {
    const made = await Promise.all(
      Array.from({ length: 4 }, () => stored(here.stage, { state: 'running', run: { n: 1, ended: false } })),
    );
    const [first, unreadable, untold, last] = made.map(({ requestId }) => requestId).sort();
    here.stage.clock.turn(3600);
    const { deps, clock } = here.stage;
    const failures: unknown[] = [];
    const broken: Dependencies = {
      ...deps,
      log: (event, facts) => void (event === 'watchdog-failed-on' && failures.push(facts)),
      records: {
        ...deps.records,
        read: async (id) => {
          if (id === unreadable) throw new UnreadableBlob(`requests/${id}/record.json`);
          return deps.records.read(id);
        },
      },
    };
    const instances = new KnownInstances();
    const { status } = instances;
    instances.status = async (id) => {
      if (id === `${untold}.1`) throw new TypeError('a text that nobody may log');
      return status.call(instances, id);
    };
    expect(await watch(broken, instances, addSeconds(clock.now(), 3600))).toMatchObject({ failed: 2 });
    expect(instances.starts).toEqual(expect.arrayContaining([`${first}.1`, `${last}.1`]));
    expect(failures).toHaveLength(2);
    expect(failures).toContainEqual({ requestId: unreadable, errorClass: 'UnreadableBlob' });
    expect(failures).toContainEqual({ requestId: untold, errorClass: 'TypeError' });
  });

  it('goes on where its time was over, and comes to the last state however long the first ones take', async () => {
    await stored(here.stage, { state: 'running', run: { n: 1, ended: true } });
    await awaiting();
    const { deps, clock } = here.stage;
    const looked: RequestId[] = [];
    const slow: Dependencies = {
      ...deps,
      records: {
        ...deps.records,
        read: async (id) => {
          looked.push(id);
          clock.turn(1);
          return undefined;
        },
      },
    };
    let ticks = 0;
    do {
      await watch(slow, new KnownInstances(), addSeconds(clock.now(), 2));
      ticks += 1;
    } while (await positionIsKept());
    expect(ticks).toBeGreaterThanOrEqual(looked.length / 2);
    expect(new Set(looked).size).toBe(looked.length);
    const open = [...ACTIVE_STATES, 'awaiting-decision' as const];
    const lists = await Promise.all(open.map((state) => deps.records.list({ state, limit: 1000 })));
    expect(looked).toEqual(lists.flatMap(({ requestIds }) => requestIds));
  });

  it('stops when its time is over', async () => {
    await stored(here.stage, { state: 'running', run: { n: 1, ended: true } });
    here.stage.clock.turn(3600);
    const { deps, clock } = here.stage;
    expect(await watch(deps, new KnownInstances(), clock.now())).toEqual({
      seen: 0,
      started: 0,
      expired: 0,
      warned: 0,
      reminded: 0,
      escalated: 0,
      failed: 0,
    });
  });
});
