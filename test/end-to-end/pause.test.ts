import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { expectQueuesEmpty } from './support/account.ts';
import { type Stage, startStage } from './support/stage.ts';
import { hostOf } from './support/targets.ts';
import { until } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const pausedSchema = z.looseObject({
  waitsFor: z.object({ owner: z.string(), deadline: z.iso.datetime(), afterwards: z.string() }),
  paused: z.tuple([
    z.object({ target: z.string(), since: z.iso.datetime(), because: z.string(), nextTry: z.iso.datetime() }),
  ]),
});

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    targets: [
      { name: 'shaky', projects: 1 },
      { name: 'steady', projects: 1 },
    ],
    settings: { DSR_PATIENCE_SECONDS: '120', DSR_BREAKER_SECONDS: '1', DSR_BREAKER_CEILING_SECONDS: '2' },
  });
});
afterAll(() => stage?.stop());

describe('A target that goes down in the midst of an export', () => {
  test('pauses what is to be done there, which the request says, and nothing else; once it is back all goes on by itself', async () => {
    const { portal, simulator } = stage;
    const match = { host: hostOf('shaky') };
    simulator.faults.add({ match, after: 6, fault: { kind: 'status', status: 503 } });
    const id = await portal.begin({ action: 'export', targets: ['shaky'] });
    const view = await portal.waitFor(id, (one) => 'paused' in one);
    const { paused, waitsFor } = pausedSchema.parse(view);
    expect(paused).toMatchObject([{ target: 'shaky', because: expect.stringContaining('503') }]);
    expect(waitsFor.owner).toBe('upstream');

    const other = await portal.ended(await portal.begin({ action: 'export', targets: ['steady'] }));
    expect(other.state).toBe('completed');
    expect((await portal.view(id)).state).toBe('running');

    simulator.faults.clear();
    expect(await portal.ended(id)).toMatchObject({ state: 'completed', totals: { refused: 0, gaps: 0 } });
    const journal = (await portal.bytes(`/requests/${id}/journal`)).toString('utf8');
    expect(journal.match(/"event":"target-paused"/g)).toHaveLength(1);
    expect(journal.match(/"event":"target-resumed"/g)).toHaveLength(1);
    await expectQueuesEmpty(stage);
  });
});

describe('A target that goes down in the midst of a delete', () => {
  test('holds up no stage of the others: those are through while it is paused, and it follows when it is back', async () => {
    const { portal, officer, simulator } = stage;
    const id = await portal.begin({ action: 'delete', targets: ['shaky', 'steady'] });
    const { plan } = await portal.waitFor(id, ({ state }) => state === 'awaiting-decision');
    simulator.faults.add({ match: { host: hostOf('shaky') }, fault: { kind: 'status', status: 503 } });
    const order = { decision: 'approve', planHash: plan?.hash };
    expect((await officer.call('POST', `/requests/${id}/decision`, { body: order })).status).toBe(202);
    const { paused } = pausedSchema.parse(await portal.waitFor(id, (one) => 'paused' in one));
    expect(paused).toMatchObject([{ target: 'shaky' }]);
    await until('all stages of the other are through', () => stage.resource('steady').projects.size === 0);
    expect((await portal.view(id)).state).toBe('running');
    expect(stage.resource('shaky').projects.size).toBe(1);

    simulator.faults.clear();
    expect(await portal.ended(id)).toMatchObject({ state: 'completed', totals: { refused: 0, gaps: 0 } });
    expect(stage.resource('shaky').projects.size).toBe(0);
    await expectQueuesEmpty(stage);
  });
});
