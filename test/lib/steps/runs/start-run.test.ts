import { describe, expect, it } from 'vitest';
import { mintRequestId, type RequestId } from '../../../../src/lib/domain/ids.ts';
import { STATES } from '../../../../src/lib/domain/lifecycle.ts';
import { startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import { KnownInstances } from '../support/driver.ts';
import { eventsOf, stored, useStage } from '../support/use-stage.ts';

const here = useStage({ world: { resources: [{ projects: 0 }] } });
const received = () => stored(here.stage, { state: 'received', run: { n: 0, ended: true } });
const start = (id: RequestId, instances: KnownInstances) => startRun(here.stage.deps, id, instances);
const read = (id: RequestId) => here.stage.deps.records.read(id);

describe('A message that a request be looked at', () => {
  it('claims the next run in the record, then starts its instance', async () => {
    const { requestId } = await received();
    const instances = new KnownInstances();
    expect(await start(requestId, instances)).toBe('started');
    expect(instances.starts).toEqual([`${requestId}.1`]);
    const record = await read(requestId);
    expect(record?.run).toMatchObject({ n: 1, ended: false });
    expect(await eventsOf(here.stage, requestId)).toContain('run-claimed');
  });

  it('does nothing while the run is alive, however often it comes', async () => {
    const { requestId } = await received();
    const instances = new KnownInstances();
    await start(requestId, instances);
    for (let copy = 0; copy < 3; copy += 1) expect(await start(requestId, instances)).toBe('alive');
    expect(instances.starts).toEqual([`${requestId}.1`]);
  });

  it('starts the very run that was claimed by a process which died before the start', async () => {
    const { requestId } = await stored(here.stage, { state: 'planning', run: { n: 3, ended: false } });
    const instances = new KnownInstances();
    expect(await start(requestId, instances)).toBe('started');
    expect(instances.starts).toEqual([`${requestId}.3`]);
    expect((await read(requestId))?.run.n).toBe(3);
  });

  it('replaces a run whose instance has ended without ending the run', async () => {
    const { requestId } = await stored(here.stage, { state: 'running', run: { n: 3, ended: false } });
    const instances = new KnownInstances();
    instances.known.set(`${requestId}.3`, 'ended');
    expect(await start(requestId, instances)).toBe('started');
    expect(instances.starts).toEqual([`${requestId}.4`]);
  });

  it('starts the next run once the last one has ended and something has happened since', async () => {
    const { requestId } = await stored(here.stage, { state: 'running', run: { n: 1, ended: true } });
    const instances = new KnownInstances();
    expect(await start(requestId, instances)).toBe('started');
    expect(instances.starts).toEqual([`${requestId}.2`]);
  });

  it('no longer shows for whom the request waited', async () => {
    const waitingFor = { target: 'vision', request: mintRequestId(), since: '2026-03-01T00:00:00.000Z' };
    const { requestId } = await stored(here.stage, { state: 'running', waitingFor });
    await start(requestId, new KnownInstances());
    expect((await read(requestId))?.waitingFor).toBeUndefined();
  });

  it('claims one run when it comes several times at once, and starts no other', async () => {
    const { requestId } = await received();
    const instances = new KnownInstances();
    await Promise.all(Array.from({ length: 6 }, () => start(requestId, instances)));
    expect(new Set(instances.starts)).toEqual(new Set([`${requestId}.1`]));
    expect((await read(requestId))?.run.n).toBe(1);
  });

  it.each(STATES.filter((state) => !['received', 'planning', 'running', 'sealing'].includes(state)))(
    'does nothing for a request that is %s',
    async (state) => {
      const { requestId } = await stored(here.stage, { state, run: { n: 1, ended: true } });
      const instances = new KnownInstances();
      expect(await start(requestId, instances)).toBe('not-due');
      expect(instances.starts).toEqual([]);
    },
  );

  it('does nothing for a request that nobody knows', async () => {
    expect(await start(mintRequestId(), new KnownInstances())).toBe('unknown');
  });
});
