import { describe, expect, it } from 'vitest';
import { mintRequestId, mintTaskId, type RequestId } from '../../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import { type Plan, planHash } from '../../../src/lib/domain/plan.ts';
import { listRequests } from '../../../src/lib/steps/request/list-requests.ts';
import { viewRequest } from '../../../src/lib/steps/request/view.ts';
import { viewPlan } from '../../../src/lib/steps/request/view-plan.ts';
import { journalOf, OFFICER, PORTAL, storedRecord, useRequestStores } from './support/request-stores.ts';

const stores = useRequestStores();

const task = (index: number, revision = 1) => ({
  taskId: mintTaskId(revision, index),
  family: 'cv-images',
  target: 'vision',
  stage: index,
  way: 'call' as const,
});

describe('The view of a request', () => {
  it('adds up what the rounds of its tasks left, and tells nothing of the person', async () => {
    const { requestId } = await storedRecord(stores.deps, { state: 'running' });
    const tasks = Array.from({ length: 20 }, (_, index) => task(index));
    await stores.deps.documents.write({ requestId, name: 'tasks-1.json' }, { v: 1, revision: 1, tasks }, 'once');
    const counts = { ...NO_COUNTS, found: 10, erased: 6, absent: 1, bytes: 5 };
    for (const { taskId } of tasks.slice(0, 2)) {
      const facts = { phase: 'erase', counts, open: 3, moreOpen: false, finished: false };
      await stores.deps.rounds.writeProgress(requestId, taskId, {
        v: 1,
        updatedAt: '2026-03-01T12:00:00.000Z',
        ...facts,
      });
    }
    const view = await viewRequest(stores.deps, requestId);
    expect(view?.tasks.map(({ taskId }) => taskId)).toEqual(tasks.map(({ taskId }) => taskId));
    expect(view?.tasks[1]).toMatchObject({ phase: 'erase', found: 10, done: 7, open: 3, finished: false });
    expect(view?.tasks[2]).toMatchObject({ phase: 'waiting', found: 0, finished: false });
    expect(view?.totals).toMatchObject({ found: 20, done: 14, open: 6, erased: 12, bytes: 10 });
    expect(JSON.stringify(view)).not.toMatch(/someone@example\.com|case-1/);
  });

  it('leaves out what the watchdog marks for itself', async () => {
    const run = { n: 3, ended: true, deaths: { count: 2, mark: 'running 1 17' } };
    const { requestId } = await storedRecord(stores.deps, { state: 'running', run });
    expect((await viewRequest(stores.deps, requestId))?.run).toEqual({ n: 3, ended: true });
  });

  it('shows the tasks of the revision that the record names', async () => {
    const { requestId } = await storedRecord(stores.deps, { state: 'planning', plan: { revision: 2, hash: '' } });
    for (const revision of [1, 2]) {
      const list = { v: 1, revision, tasks: [task(0, revision)] };
      await stores.deps.documents.write({ requestId, name: `tasks-${revision}.json` }, list, 'once');
    }
    const view = await viewRequest(stores.deps, requestId);
    expect(view?.tasks.map(({ taskId }) => taskId)).toEqual(['2-00']);
    expect(view?.plan).toBeUndefined();
  });

  it('of an unknown request is none', async () => {
    expect(await viewRequest(stores.deps, mintRequestId())).toBeUndefined();
  });
});

describe('The view of a plan', () => {
  const planOf = (revision: number): Plan => {
    const tasks = [{ ...task(0), counts: NO_COUNTS, keysDigest: '' }];
    const body = { v: 1 as const, revision, action: 'delete' as const, dryRun: false, tasks, byHand: [] };
    return { ...body, hash: planHash(body) };
  };

  it('is the plan that waits for the decision', async () => {
    const plan = planOf(1);
    const { requestId } = await storedRecord(stores.deps, { plan: { revision: 1, hash: plan.hash } });
    await stores.deps.documents.write({ requestId, name: 'plan.json' }, plan, 'replace');
    expect(await viewPlan(stores.deps, requestId, PORTAL)).toEqual({ kind: 'plan', plan });
  });

  it('is told in the journal, once for who looks again and again', async () => {
    const plan = planOf(1);
    const { requestId } = await storedRecord(stores.deps, { plan: { revision: 1, hash: plan.hash } });
    await stores.deps.documents.write({ requestId, name: 'plan.json' }, plan, 'replace');
    for (const actor of [OFFICER, OFFICER, PORTAL]) await viewPlan(stores.deps, requestId, actor);
    expect((await journalOf(stores.deps, requestId)).slice(1)).toMatchObject([
      { event: 'plan-viewed', actor: 'officer', reason: 'revision 1' },
      { event: 'plan-viewed', actor: 'portal', reason: 'revision 1' },
    ]);
  });

  it('is shown where the journal has no room for who looks, without a line', async () => {
    const plan = planOf(1);
    const { requestId, journal } = await storedRecord(stores.deps, { plan: { revision: 1, hash: plan.hash } });
    await stores.deps.documents.write({ requestId, name: 'plan.json' }, plan, 'replace');
    const records = {
      ...stores.deps.records,
      read: async (id: RequestId) => {
        const record = await stores.deps.records.read(id);
        return record && { ...record, journal: { ...journal, seq: 40_000 } };
      },
    };
    expect(await viewPlan({ ...stores.deps, records }, requestId, OFFICER)).toMatchObject({ kind: 'plan' });
    expect(await journalOf(stores.deps, requestId)).toHaveLength(1);
  });

  it('is gone with the person', async () => {
    const at = '2026-03-01T12:00:00.000Z';
    const { requestId } = await storedRecord(stores.deps, { state: 'completed', forgotten: { at } });
    expect(await viewPlan(stores.deps, requestId, OFFICER)).toEqual({ kind: 'gone', since: at });
  });

  it('is none while the next revision is made, though the old one still lies there', async () => {
    const { requestId } = await storedRecord(stores.deps, { state: 'planning', plan: { revision: 2, hash: '' } });
    await stores.deps.documents.write({ requestId, name: 'plan.json' }, planOf(1), 'replace');
    expect(await viewPlan(stores.deps, requestId, PORTAL)).toEqual({ kind: 'none', reason: 'The plan is being made.' });
  });

  it('is none for a request that ended before it had one', async () => {
    const { requestId } = await storedRecord(stores.deps, { state: 'cancelled' });
    expect((await viewPlan(stores.deps, requestId, PORTAL)).kind).toBe('none');
    expect(await viewPlan(stores.deps, mintRequestId(), PORTAL)).toEqual({ kind: 'missing' });
  });
});

describe('The list of requests', () => {
  it('comes in pages that hold each fitting request once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => storedRecord(stores.deps, { state: 'expired' })));
    const listed: string[] = [];
    let continuation: string | undefined;
    do {
      const query = { state: 'expired' as const, limit: 2, ...(continuation !== undefined && { continuation }) };
      const page = await listRequests(stores.deps, query);
      if (page.kind !== 'page') throw new Error(page.kind);
      expect(page.records.length).toBeLessThanOrEqual(2);
      listed.push(...page.records.map(({ requestId }) => requestId));
      continuation = page.continuation;
    } while (continuation !== undefined);
    expect(listed.sort()).toEqual(made.map(({ requestId }) => requestId).sort());
  });

  it('refuses a continuation that is not its own', async () => {
    expect(await listRequests(stores.deps, { limit: 2, continuation: 'nonsense' })).toEqual({
      kind: 'bad-continuation',
    });
  });
});
