import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mintTaskId } from '../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../src/lib/domain/ledger.ts';
import { type Plan, planHash } from '../../src/lib/domain/plan.ts';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import { documentStore } from '../../src/lib/store/documents.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { writeInventory } from '../lib/steps/support/inventory.ts';
import { newRecord } from '../lib/store/support/records.ts';
import { LATER, problemOf, useApi } from './support.ts';

const api = useApi();
const { stored } = api;
const OFFICER = { 'x-functions-key': 'officer-key' };
const GUEST = { 'x-functions-key': 'guest-key' };

describe('A plan and its decision', () => {
  let plan: Plan;
  beforeAll(() => {
    const body = { v: 1 as const, revision: 1, action: 'delete' as const, dryRun: false, tasks: [], byHand: [] };
    plan = { ...body, hash: planHash(body) };
  });

  async function waiting(change: Partial<RequestRecord> = {}): Promise<RequestRecord> {
    const record = await stored({
      submission: { ...newRecord().submission, action: 'delete' },
      state: 'awaiting-decision',
      decisionDeadline: LATER,
      plan: { revision: 1, hash: plan.hash },
      ...change,
    });
    const document = { requestId: record.requestId, name: 'plan.json' } as const;
    await documentStore(api.storage.storage).write(document, plan, 'replace');
    return record;
  }

  it('is read, approved on its hash by another key than the submitter, and approved again', async () => {
    const { requestId } = await waiting();
    const read = await api.call(`requests/${requestId}/plan`, { headers: OFFICER });
    expect(await read.json()).toEqual(plan);
    const etag = read.headers.get('etag') ?? '';
    expect(etag).toBe(`"${plan.hash}"`);
    const unchanged = await api.call(`requests/${requestId}/plan`, { headers: { 'if-none-match': etag } });
    expect(unchanged.status).toBe(304);
    const order = { decision: 'approve', planHash: plan.hash };
    for (const _ of ['once', 'again']) {
      const answer = await api.post(`requests/${requestId}/decision`, order, OFFICER);
      expect(answer.status).toBe(202);
      expect(await answer.json()).toMatchObject({ requestId, state: 'running', decision: { actor: 'officer' } });
    }
  });

  it('is refused to the submitter, to a key without a name, and on another hash, which stays secret', async () => {
    const { requestId } = await waiting();
    const order = { decision: 'approve', planHash: plan.hash };
    const path = `requests/${requestId}/decision`;
    expect((await problemOf(await api.post(path, order))).type).toBe('/problems/own-request');
    expect((await problemOf(await api.post(path, order, GUEST))).type).toBe('/problems/unnamed-caller');
    const stale = await api.post(path, { ...order, planHash: 'b'.repeat(64) }, OFFICER);
    const problem = await problemOf(stale);
    expect(problem).toMatchObject({ status: 409, type: '/problems/stale-plan' });
    expect(JSON.stringify(problem)).not.toContain(plan.hash);
    expect((await recordStore(api.storage.storage).read(requestId))?.state).toBe('awaiting-decision');
  });

  it('is not approved by who had it take in shared things', async () => {
    const record = await waiting({ widenedBy: { actor: 'officer', client: 'officer' } });
    const order = { decision: 'approve', planHash: plan.hash };
    const refused = await problemOf(await api.post(`requests/${record.requestId}/decision`, order, OFFICER));
    expect(refused).toMatchObject({
      status: 403,
      type: '/problems/own-request',
      detail: expect.stringContaining('shared things'),
    });
  });

  it('is missing, with the reason, while it is being made', async () => {
    const { requestId } = await stored({
      submission: { ...newRecord().submission, action: 'delete' },
      state: 'planning',
    });
    const answer = await api.call(`requests/${requestId}/plan`);
    expect(await problemOf(answer)).toMatchObject({ status: 404, detail: 'The plan is being made.' });
  });
});

describe('The items of a plan', () => {
  const task = { taskId: mintTaskId(1, 0), family: 'cv-projects', target: 'vision', stage: 0, way: 'call' as const };
  const tasks = [{ ...task, counts: { ...NO_COUNTS, found: 2 }, keysDigest: '' }];
  const body = { v: 1 as const, revision: 1, action: 'delete' as const, dryRun: false, tasks, byHand: [] };
  const plan: Plan = { ...body, hash: planHash(body) };
  const keys = ['cv-projects/p1', 'cv-projects/p2'];

  async function waiting(change: Partial<RequestRecord> = {}, made: Plan = plan): Promise<string> {
    const submission = { ...newRecord().submission, action: made.action };
    const facts = {
      state: 'awaiting-decision',
      decisionDeadline: LATER,
      plan: { revision: 1, hash: plan.hash },
    } as const;
    const { requestId } = await stored({ submission, ...facts, ...change });
    await documentStore(api.storage.storage).write({ requestId, name: 'plan.json' }, made, 'replace');
    const items = keys.map((key) => ({ line: 'found' as const, key, parameters: {} }));
    await writeInventory(api.storage.storage, { requestId, task }, items);
    return `requests/${requestId}/plan/items`;
  }

  it('come in pages, each with where the next one is', async () => {
    const path = await waiting();
    const pageSchema = z.looseObject({
      hash: z.literal(plan.hash),
      items: z.array(z.looseObject({ key: z.string(), fate: z.literal('erased') })),
      links: z.object({ next: z.string() }).optional(),
    });
    const listed: string[] = [];
    let next: string | undefined = `${path}?limit=1&task=${task.taskId}`;
    while (next !== undefined) {
      const page: z.infer<typeof pageSchema> = pageSchema.parse(await (await api.call(next)).json());
      listed.push(...page.items.map(({ key }) => key));
      next = page.links?.next.replace('/api/', '');
    }
    expect(listed).toEqual(keys);
  });

  it('are refused in clear words where the question is wrong or nothing is there', async () => {
    const path = await waiting();
    for (const query of ['limit=0', 'task=x', 'task=2-00', 'continuation=abc', 'continuation=e30'])
      expect((await problemOf(await api.call(`${path}?${query}`))).type).toBe('/problems/validation');
    const since = '2026-01-06T00:00:00.000Z';
    const refusals = [
      { at: await waiting({ results: { since, totals: NO_COUNTS } }), status: 410, type: 'results-gone' },
      { at: await waiting({ forgotten: { at: since } }), status: 410, type: 'plan-gone' },
      { at: await waiting({ state: 'planning' }), status: 404, type: 'no-plan' },
      { at: await waiting({}, { ...plan, action: 'export' }), status: 404, type: 'no-items' },
    ];
    for (const { at, status, type } of refusals)
      expect(await problemOf(await api.call(at))).toMatchObject({ status, type: `/problems/${type}` });
  });
});

describe('POST …/cancel', () => {
  it('works without a body, may be repeated, and comes too late for what has ended', async () => {
    const { requestId } = await stored({});
    for (const _ of ['once', 'again']) {
      const answer = await api.call(`requests/${requestId}/cancel`, { method: 'POST' });
      expect(answer.status).toBe(202);
      expect(await answer.json()).toMatchObject({ state: 'cancelled' });
    }
    const ended = await stored({ state: 'completed' });
    const answer = await api.post(`requests/${ended.requestId}/cancel`, { reason: 'late' });
    expect(await problemOf(answer)).toMatchObject({ status: 409, type: '/problems/cancel-too-late' });
  });
});
