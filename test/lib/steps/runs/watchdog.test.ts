import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../../../src/lib/domain/clock.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { ACTIVE_STATES } from '../../../../src/lib/domain/lifecycle.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { REQUESTS_QUEUE } from '../../../../src/lib/steps/queue-names.ts';
import { watch } from '../../../../src/lib/steps/runs/watchdog.ts';
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
    });
  });
});
