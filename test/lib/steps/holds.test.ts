import { describe, expect, it } from 'vitest';
import { addDays, addSeconds } from '../../../src/lib/domain/clock.ts';
import { type Hold, nameOfHold } from '../../../src/lib/domain/hold.ts';
import { mintRequestId, type RequestId } from '../../../src/lib/domain/ids.ts';
import type { HoldOrder } from '../../../src/lib/domain/orders.ts';
import type { Submission } from '../../../src/lib/domain/request.ts';
import type { Dependencies } from '../../../src/lib/steps/dependencies.ts';
import { REQUESTS_QUEUE } from '../../../src/lib/steps/queue-names.ts';
import { cancel } from '../../../src/lib/steps/request/cancel.ts';
import { liftHold, setHold } from '../../../src/lib/steps/request/order-hold.ts';
import { viewRequest } from '../../../src/lib/steps/request/view.ts';
import { watch } from '../../../src/lib/steps/runs/watchdog.ts';
import { UnreadableBlob } from '../../../src/lib/store/failure.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { newRecord } from '../store/support/records.ts';
import { Driver, KnownInstances } from './support/driver.ts';
import { journalOf, OFFICER, STRANGER } from './support/request-stores.ts';
import { openStage, type Stage } from './support/stage.ts';
import { eventsOf, stored, useStage } from './support/use-stage.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
const world = {
  behaviour: { callsUntilDeleted: 0 },
  resources: [{ projects: 3 }],
  project: {
    taggedImages: 6,
    untaggedImages: 0,
    deletedImages: 0,
    iterations: { published: 0, trained: 0 },
    imageBytes: 100,
  },
};
const open = (): Promise<Stage> =>
  openStage(azurite.storage, { world, limits: { sliceItems: 5, requestDays: 90, decisionDays: 14 } });

async function hold(stage: Stage, on: Partial<HoldOrder>): Promise<Hold> {
  const reviewBy = addDays(stage.clock.now(), 30).toISOString();
  const set = await setHold(stage.deps, { reason: 'litigation', reviewBy, allowExports: false, ...on }, OFFICER);
  if (set.kind !== 'set') throw new Error(set.kind);
  return set.hold;
}

/** Lifts a hold; the requests that are to be looked at again. */
async function lift(stage: Stage, { id }: Hold): Promise<unknown[]> {
  stage.outbox.clear();
  expect(await liftHold(stage.deps, { id, reason: 'settled', actor: OFFICER })).toMatchObject({ kind: 'lifted' });
  return stage.outbox.waiting.filter(({ queue }) => queue === REQUESTS_QUEUE).map(({ message }) => message);
}

const images = (stage: Stage): number => keysIn(stage.resource, 'cv-images').length;
const about = (reference: string): Partial<Submission> => ({ subject: { reference } });
const REMOVAL: Partial<Submission> = { action: 'delete', families: ['cv-images'] };

describe('A hold', () => {
  it.each<[string, (stage: Stage, requestId: RequestId) => Partial<HoldOrder>]>([
    ['the request', (_, request) => ({ request })],
    ['its target', ({ target }) => ({ target: target.name })],
    ["its subject's reference", () => ({ reference: 'case-of-three' })],
  ])('on %s lets a delete wait until it is lifted, and the delete goes on then', async (_, on) => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ ...REMOVAL, ...about('case-of-three') });
    const set = await hold(stage, on(stage, requestId));
    stage.clock.turn(120);
    await watch(stage.deps, driver.instances, addSeconds(stage.clock.now(), 3600));
    expect((await driver.record(requestId)).run.n).toBe(0);
    const { reason } = (await journalOf(stage.deps, requestId)).find(({ event }) => event === 'held') ?? {};
    expect(reason).toBe(`It waits because of ${nameOfHold(set.id)}.`);
    expect(await viewRequest(stage.deps, requestId)).toMatchObject({ held: { by: [set.id] }, holds: [set] });
    expect(await lift(stage, set)).toContainEqual({ v: 1, requestId });
    expect(await driver.toTheEnd(requestId)).toMatchObject({ state: 'completed' });
    expect(images(stage)).toBe(0);
  });

  it('in the midst of erasing stops it before the next deletion, without a failure; all adds up in the end', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit(REMOVAL);
    await driver.run(requestId);
    await driver.approve(requestId);
    let set: Hold | undefined;
    let erased = 0;
    const slices: Dependencies['slices'] = {
      ...stage.deps.slices,
      async commit(ref, header, lines) {
        const committed = await stage.deps.slices.commit(ref, header, lines);
        // Of an accepted deletion the effect shows at a later call.
        if (header.kind === 'erase') erased += 1;
        if (erased === 2) set ??= await hold(stage, { request: requestId });
        return committed;
      },
    };
    driver.deps = { ...stage.deps, slices };
    await driver.run(requestId);
    const left = images(stage);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(18);
    for (let day = 0; day < 42; day += 14) {
      stage.clock.turn(14 * 86_400);
      await watch(stage.deps, driver.instances, addSeconds(stage.clock.now(), 3600));
      await driver.deliverDue('nobody');
    }
    expect(images(stage)).toBe(left);
    expect(await driver.record(requestId)).toMatchObject({ state: 'running', held: { by: [set?.id] } });
    if (set) await lift(stage, set);
    expect(await driver.toTheEnd(requestId)).toMatchObject({ state: 'completed' });
    expect(images(stage)).toBe(0);
    const view = await viewRequest(stage.deps, requestId);
    expect(view?.totals).toMatchObject({ found: 18, erased: 18, refused: 0 });
  });

  it('lets an export go on where it allows that, and wait where it does not', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const allowing = await hold(stage, { target: stage.target.name, allowExports: true });
    const first = await driver.submit({ action: 'export' });
    expect(await driver.toTheEnd(first)).toMatchObject({ state: 'completed' });
    const strict = await hold(stage, { reference: 'case-strict' });
    const second = await driver.submit({ action: 'export', ...about('case-strict') });
    await driver.run(second);
    expect(await driver.record(second)).toMatchObject({ state: 'received', held: { by: [strict.id] } });
    await lift(stage, strict);
    expect(await driver.toTheEnd(second)).toMatchObject({ state: 'completed' });
    await lift(stage, allowing);
  });

  it('does not keep a cancellation back, and nothing is erased after it', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit(REMOVAL);
    await driver.run(requestId);
    await driver.approve(requestId);
    await hold(stage, { request: requestId });
    await cancel(stage.deps, { requestId, actor: OFFICER });
    expect(await driver.toTheEnd(requestId)).toMatchObject({ state: 'cancelled' });
    expect(images(stage)).toBe(18);
    const events = await eventsOf(stage, requestId);
    expect(events).toEqual(expect.arrayContaining(['hold-set', 'held', 'cancel-requested', 'end-cancelled']));
  });

  it('stops the clock of a decision: nothing expires meanwhile, and all the time is left afterwards', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await driver.submit({ ...REMOVAL, ...about('case-waiting') });
    await driver.run(requestId);
    const before = await driver.record(requestId);
    const set = await hold(stage, { reference: 'case-waiting' });
    const tick = () => watch(stage.deps, driver.instances, addSeconds(stage.clock.now(), 3600));
    await tick();
    stage.clock.turn(40 * 86_400);
    await tick();
    expect(await driver.record(requestId)).toMatchObject({ state: 'awaiting-decision' });
    await lift(stage, set);
    await tick();
    const after = await driver.record(requestId);
    expect(after).toMatchObject({ state: 'awaiting-decision' });
    expect(after.held).toBeUndefined();
    const moved = (name: 'deadline' | 'decisionDeadline') =>
      Date.parse(after[name] ?? '') - Date.parse(before[name] ?? '');
    expect([moved('deadline'), moved('decisionDeadline')]).toEqual([40 * 86_400_000, 40 * 86_400_000]);
    expect(await driver.toTheEnd(requestId)).toMatchObject({ state: 'completed' });
  });

  it('gives the target to others after a while, and takes its turn again when it is lifted', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const first = await driver.submit(REMOVAL);
    await driver.run(first);
    await driver.approve(first);
    await stage.deps.exclusion.enterDelete(stage.target.name, first);
    const set = await hold(stage, { request: first });
    const second = await driver.submit(REMOVAL);
    await driver.run(second);
    await driver.approve(second);
    expect(await driver.run(second)).toBe('it waits for another request on the same target');
    stage.clock.turn(3600);
    await watch(stage.deps, driver.instances, addSeconds(stage.clock.now(), 3600));
    expect(await driver.toTheEnd(second)).toMatchObject({ state: 'completed' });
    await lift(stage, set);
    expect(await driver.toTheEnd(first)).toMatchObject({ state: 'completed' });
  });
});

describe('An order to hold', () => {
  const here = useStage({ world: { resources: [{ projects: 0 }] } });

  it('needs a caller with a name, a thing that is known, and a review to come', async () => {
    const { deps, clock } = here.stage;
    const reviewBy = addDays(clock.now(), 30).toISOString();
    const order = { reason: 'litigation', reviewBy, allowExports: false };
    const on = (change: Partial<HoldOrder>, actor = OFFICER) => setHold(deps, { ...order, ...change }, actor);
    expect(await on({ reference: 'x' }, STRANGER)).toEqual({ kind: 'unnamed' });
    expect(await on({ request: mintRequestId() })).toEqual({ kind: 'unknown', field: 'request' });
    expect(await on({ target: 'elsewhere' })).toEqual({ kind: 'unknown', field: 'target' });
    expect(await on({ reference: 'x', reviewBy: clock.now().toISOString() })).toEqual({ kind: 'review-passed' });
    const lifted = await liftHold(deps, { id: 'target.x.0123456789abcdef', reason: 'x', actor: OFFICER });
    expect(lifted).toEqual({ kind: 'missing' });
  });

  it('is carried out though a request that it may be about is unreadable, or there are more than it has time for', async () => {
    const { deps, clock } = here.stage;
    const ids = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const submission = { ...newRecord().submission, action: 'delete' as const };
        return (await stored(here.stage, { submission, state: 'running', run: { n: 1, ended: true } })).requestId;
      }),
    );
    const [unreadable, ...others] = ids.sort();
    const isHeld = async (id: RequestId) => (await deps.records.read(id))?.held !== undefined;
    const held = async () => (await Promise.all(others.map(isHeld))).filter(Boolean).length;
    let slowness = 0;
    const broken: Dependencies = {
      ...deps,
      records: {
        ...deps.records,
        async read(id) {
          if (id === unreadable) throw new UnreadableBlob('record.json');
          const record = await deps.records.read(id);
          clock.turn(slowness);
          return record;
        },
      },
    };
    const order = { reason: 'litigation', reviewBy: addDays(clock.now(), 30).toISOString(), allowExports: false };
    const first = await setHold(broken, { ...order, target: here.stage.target.name }, OFFICER);
    expect(await held()).toBe(2);
    if (first.kind !== 'set') throw new Error(first.kind);
    expect(await liftHold(broken, { id: first.hold.id, reason: 'x', actor: OFFICER })).toMatchObject({
      kind: 'lifted',
    });
    clock.turn(120);
    await watch(broken, new KnownInstances(), addSeconds(clock.now(), 3600));
    expect(await held()).toBe(0);
    slowness = 30;
    expect(await setHold(broken, { ...order, target: here.stage.target.name }, OFFICER)).toMatchObject({ kind: 'set' });
    expect(await held()).toBe(1);
    slowness = 0;
    clock.turn(120);
    await watch(broken, new KnownInstances(), addSeconds(clock.now(), 3600));
    expect(await held()).toBe(2);
  });
});
