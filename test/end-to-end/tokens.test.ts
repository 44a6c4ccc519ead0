import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { portalClient } from '../../local/portal-client.ts';
import { ALICE, BOB, type Issuer, startIssuer } from '../functions/issuer.ts';
import { type Stage, startStage } from './support/stage.ts';
import { until } from './support/until.ts';

vi.setConfig({ testTimeout: 170_000 });

let issuer: Issuer;
let stage: Stage;
beforeAll(async () => {
  issuer = await startIssuer();
  stage = await startStage({ targets: [{ name: 'one' }], settings: { ...issuer.settings, CALLERS: '{}' } });
});
afterAll(async () => {
  await stage?.stop();
  await issuer?.stop();
});

/** A person who calls through the portal's application. */
const person = (oid: string, roles: readonly string[]) =>
  portalClient({ url: stage.host.url, key: 'portal-key', token: () => issuer.token({ scp: 'access', oid, roles }) });

describe('With tokens of a tenant', () => {
  test('a delete is submitted by one person, approved by another, and accounted for without naming either', async () => {
    const clerk = person(ALICE, ['Dsr.Submit', 'Dsr.Approve']);
    const officer = person(BOB, ['Dsr.Approve']);
    const { requestId } = await clerk.submit({
      action: 'delete',
      subject: { reference: 'case-1' },
      targets: ['one'],
      scope: 'target',
    });
    await until('the plan waits', async () => (await officer.request(requestId)).state === 'awaiting-decision');
    const { hash: planHash } = await officer.plan(requestId);
    await expect(clerk.decide(requestId, { decision: 'approve', planHash })).rejects.toMatchObject({
      problem: { type: '/problems/own-request' },
    });
    await officer.decide(requestId, { decision: 'approve', planHash });
    await until('the request has ended', async () => (await clerk.request(requestId)).endedAt !== undefined);
    const receipt = await officer.receipt(requestId);
    expect(receipt.totals.erased).toBeGreaterThan(0);
    const actors = (await officer.journal(requestId)).matchAll(/"actor":"(user:[0-9a-f]{32})"/g);
    expect(new Set([...actors].map(([, actor]) => actor)).size).toBe(2);
    const said = JSON.stringify(receipt) + (await officer.journal(requestId)) + stage.log.join('\n');
    for (const id of [ALICE, BOB]) expect(said).not.toContain(id);
  });
});
