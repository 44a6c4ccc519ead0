import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../local/simulator/faults/rules.ts';
import type { RequestRecord, Submission } from '../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../src/lib/steps/dependencies.ts';
import { viewRequest } from '../../../src/lib/steps/request/view.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { openStage, type StageOptions } from './support/stage.ts';
import { eventsOf } from './support/use-stage.ts';

const azurite = useAzurite();
const sizes = { tags: 2, taggedImages: 2, untaggedImages: 1, deletedImages: 0, exports: 0, imageBytes: 30 };
const world = { resources: [{ projects: [sizes, sizes] }] };

/** A request whose target is in trouble from the beginning of its work on, until the rules are used up. */
async function carriedOut(
  order: Partial<Submission>,
  faults: FaultRule[],
  { limits = {}, from }: { limits?: StageOptions['limits']; from?: string } = {},
) {
  await using stage = await openStage(azurite.storage, { world, limits: { patienceSeconds: 6 * 3600, ...limits } });
  if (from !== undefined) stage.clock.turnTo(new Date(from));
  const views: ReturnType<typeof viewRequest>[] = [];
  let waits = 0;
  const deps: Dependencies = {
    ...stage.deps,
    log(event) {
      if (event === 'target-paused') views.push(viewRequest(stage.deps, requestId));
      if (event === 'slice-waits') waits += 1;
    },
  };
  const driver = new Driver(stage, deps);
  const requestId = await driver.submit(order);
  if (order.action === 'delete') {
    await driver.run(requestId);
    await driver.approve(requestId);
  }
  const began = stage.clock.now();
  stage.simulator.faults.add(...faults);
  const record: RequestRecord = await driver.toTheEnd(requestId);
  const seconds = (stage.clock.now().getTime() - began.getTime()) / 1000;
  const harmed = stage.simulator.faults.list().reduce((sum, rule) => sum + rule.harmed, 0);
  const pauseEvents = (await eventsOf(stage, requestId)).filter((event) => event.startsWith('target-'));
  return { record, seconds, harmed, waits, pauseEvents, views: await Promise.all(views), target: stage.target.name };
}

describe('A target that is down', () => {
  it.each([
    ['export', { kind: 'status', status: 503 }, '503'],
    ['delete', { kind: 'status', status: 401 }, '401'],
  ] as const)(
    'pauses the tasks of a request to %s (%j), which says so, and goes on by itself',
    async (action, fault, because) => {
      const families =
        action === 'export' ? (['cv-tags', 'cv-images', 'cv-projects'] as const) : (['cv-tags'] as const);
      const done = await carriedOut({ action, families: [...families] }, [{ fault, times: 12 }]);
      expect(done.record.state).toBe('completed');
      expect(done.harmed).toBe(12);
      // Whatever is to be done there, one line says that it waits and one that it goes on.
      expect(done.pauseEvents).toEqual(['target-paused', 'target-resumed']);
      expect(done.record.paused).toEqual({});
      expect(done.views).toMatchObject([
        {
          waitsFor: { owner: 'upstream', deadline: expect.any(String) },
          paused: [{ target: done.target, because: expect.stringContaining(because), nextTry: expect.any(String) }],
        },
      ]);
    },
  );

  it('for hours is asked ever more seldom', async () => {
    const done = await carriedOut({ action: 'export', families: ['cv-tags'] }, [
      { fault: { kind: 'status', status: 503 }, times: 20 },
    ]);
    expect(done.record.state).toBe('completed');
    // Asked every five seconds, twenty failures would be over in two minutes.
    expect(done.seconds).toBeGreaterThan(3600);
    expect(done.pauseEvents).toEqual(['target-paused', 'target-resumed']);
  });

  it('for good ends as what it is: after patience all that could not be read is said', async () => {
    const done = await carriedOut(
      { action: 'export', families: ['cv-tags'] },
      [{ fault: { kind: 'status', status: 503 } }],
      { limits: { patienceSeconds: 1800 } },
    );
    expect(done.record).toMatchObject({ state: 'partially-completed' });
    expect(done.seconds).toBeGreaterThanOrEqual(1800);
    expect(done.seconds).toBeLessThan(3 * 1800);
  });

  it('and does not come back before the deadline holds nobody for longer than patience beyond it', async () => {
    const done = await carriedOut(
      { action: 'delete', families: ['cv-tags'] },
      [{ fault: { kind: 'status', status: 503 } }],
      { limits: { patienceSeconds: 7200 }, from: '2026-05-31T23:00:00.000Z' },
    );
    expect(done.record).toMatchObject({
      state: 'partially-completed',
      outcome: { reason: expect.stringContaining('deadline') },
    });
    expect(done.seconds).toBeLessThan(3600 + 2 * 7200);
  });
});
