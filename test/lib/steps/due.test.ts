import { describe, expect, it } from 'vitest';
import { addDays, addSeconds } from '../../../src/lib/domain/clock.ts';
import type { Due } from '../../../src/lib/domain/due.ts';
import { mintRequestId, type RequestId } from '../../../src/lib/domain/ids.ts';
import { move } from '../../../src/lib/plan/moves.ts';
import { extend } from '../../../src/lib/steps/request/extend.ts';
import { viewRequest } from '../../../src/lib/steps/request/view.ts';
import { advance } from '../../../src/lib/steps/runs/advance.ts';
import { watch } from '../../../src/lib/steps/runs/watchdog.ts';
import { KnownInstances } from './support/driver.ts';
import { OFFICER, STRANGER } from './support/request-stores.ts';
import { eventsOf, stored, useStage } from './support/use-stage.ts';

const here = useStage({ world: { resources: [{ projects: 0 }] } });

/** A request that a living run works on, due in so many days. */
async function dueIn(days: number): Promise<{ requestId: RequestId; instances: KnownInstances; due: Due }> {
  const now = here.stage.clock.now();
  const due: Due = { regulation: 'gdpr', by: addDays(now, days).toISOString() };
  const record = await stored(here.stage, {
    state: 'running',
    run: { n: 1, ended: false },
    submittedAt: now.toISOString(),
    due,
  });
  const instances = new KnownInstances();
  instances.known.set(`${record.requestId}.1`, 'alive');
  return { requestId: record.requestId, instances, due };
}

describe('Due dates', () => {
  it('are warned of at each distance and marked when they have passed, each once, and nothing else happens to the request', async () => {
    const { requestId, instances, due } = await dueIn(30);
    const logged: string[] = [];
    const deps = {
      ...here.stage.deps,
      log: (event: string, facts: object) =>
        void (`${JSON.stringify(facts)}`.includes(requestId) && logged.push(event)),
    };
    for (let hour = 0; hour < 32 * 24; hour += 6) {
      await watch(deps, instances, addSeconds(deps.clock.now(), 3600));
      here.stage.clock.turn(6 * 3600);
    }
    const expected = ['due-soon', 'due-soon', 'due-soon', 'due-soon', 'late'];
    expect(logged).toEqual(expected);
    expect((await eventsOf(here.stage, requestId)).slice(1)).toEqual(expected);
    const view = await viewRequest(deps, requestId);
    expect(view).toMatchObject({ state: 'running', late: due.by, expectedCompletion: due.by, run: { n: 1 } });
  });

  it('that passed unseen are marked by the end itself', async () => {
    const { requestId, due } = await dueIn(30);
    const record = await here.stage.deps.records.read(requestId);
    const at = addDays(new Date(due.by), 1);
    const ended = record && move({ ...record, state: 'sealing' }, 'complete', { at, actor: 'system', reason: 'done' });
    expect(ended?.record).toMatchObject({ state: 'completed', late: due.by });
    expect(ended?.entry.reason).toBe(`done It ends late: it was due by ${due.by}.`);
  });

  it('that passed unseen are told of before a run ends the request, once', async () => {
    const due: Due = { regulation: 'gdpr', by: addDays(here.stage.clock.now(), -1).toISOString() };
    const outcome = { event: 'fail' as const, reason: 'It could not be done.' };
    const facts = { state: 'sealing', run: { n: 1, ended: false }, withoutPackage: true, due, outcome } as const;
    const { requestId } = await stored(here.stage, facts);
    const logged: string[] = [];
    const deps = { ...here.stage.deps, log: (event: string) => void logged.push(event) };
    await advance(deps, { requestId, run: 1 });
    const events = (await eventsOf(here.stage, requestId)).slice(1);
    expect(events).toEqual(['late', 'fail']);
    expect(logged.filter((event) => event === 'late')).toHaveLength(1);
    expect(await deps.records.read(requestId)).toMatchObject({ state: 'failed', late: due.by });
  });

  it('are extended once, with a reason, by a caller with a name; the deadline of the work moves along', async () => {
    const { requestId, due } = await dueIn(31);
    const { deps, clock } = here.stage;
    const before = await deps.records.read(requestId);
    expect(await extend(deps, { requestId, reason: 'complex', actor: STRANGER })).toEqual({ kind: 'unnamed' });
    for (const _ of ['once', 'again']) {
      const extended = await extend(deps, { requestId, reason: 'complex', actor: OFFICER });
      expect(extended).toMatchObject({ kind: 'extended', due: { extension: { reason: 'complex', before: due.by } } });
    }
    const record = await deps.records.read(requestId);
    expect(record?.due?.by).toBe(addMonthsTo(clock.now(), 3));
    const moved = Date.parse(record?.deadline ?? '') - Date.parse(before?.deadline ?? '');
    expect(moved).toBe(Date.parse(record?.due?.by ?? '') - Date.parse(due.by));
    const other = await extend(deps, { requestId, reason: 'still complex', actor: OFFICER });
    expect(other).toMatchObject({ kind: 'not-extendable' });
    expect((await eventsOf(here.stage, requestId)).filter((event) => event === 'due-extended')).toHaveLength(1);
  });

  it('are not extended once they have passed, nor after the end, nor for nobody', async () => {
    const { deps, clock } = here.stage;
    const late = await dueIn(1);
    const ended = await stored(here.stage, { state: 'completed', due: late.due });
    clock.turn(2 * 86_400);
    for (const requestId of [late.requestId, ended.requestId]) {
      const refused = await extend(deps, { requestId, reason: 'complex', actor: OFFICER });
      expect(refused).toMatchObject({ kind: 'not-extendable' });
    }
    const nobody = await extend(deps, { requestId: mintRequestId(), reason: 'complex', actor: OFFICER });
    expect(nobody).toEqual({ kind: 'missing' });
  });
});

/** The stage's clock stands on the first of a month at the beginning and never on a day that a month lacks. */
function addMonthsTo(from: Date, months: number): string {
  const due = new Date(from);
  due.setUTCMonth(due.getUTCMonth() + months);
  return due.toISOString();
}
