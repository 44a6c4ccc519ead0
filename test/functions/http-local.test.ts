import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemOf, useApi } from './support.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const CALLERS = {
  portal: { key: sha256('portal-key'), roles: ['Dsr.Submit'] },
  officer: { key: sha256('officer-key'), roles: ['Dsr.Approve', 'Dsr.Read'] },
};
const api = useApi(undefined, { CALLERS: JSON.stringify(CALLERS) });
const onAzure = useApi(undefined, { WEBSITE_SITE_NAME: 'dsr-production' });

const OFFICER = { headers: { 'x-functions-key': 'officer-key' } };
const GUEST = { headers: { 'x-functions-key': 'guest-key' } };
const SUBMISSION = { action: 'export', subject: { reference: 'case-77' }, targets: 'all', scope: 'target' };
const ORDER = { decision: 'reject', planHash: 'a'.repeat(64) };

describe('A function key in local mode', () => {
  it('may do what the operator has given its name, and no more', async () => {
    const { requestId } = await api.stored({});
    expect(await problemOf(await api.post(`requests/${requestId}/decision`, ORDER))).toMatchObject({
      status: 403,
      type: '/problems/no-role',
    });
    expect(await problemOf(await api.post('requests', SUBMISSION, OFFICER.headers))).toMatchObject({
      status: 403,
      type: '/problems/no-role',
    });
    expect((await api.call(`requests/${requestId}`)).status).toBe(200);
    expect((await api.call(`requests/${requestId}`, OFFICER)).status).toBe(200);
  });

  it('without a name hands requests in and sees those alone', async () => {
    const acceptedSchema = z.looseObject({ requestId: z.string() });
    const listSchema = z.object({ requests: z.array(acceptedSchema) });
    const { requestId } = await api.stored({});
    expect((await api.call(`requests/${requestId}`, GUEST)).status).toBe(404);
    const cancelled = await api.post(`requests/${requestId}/cancel`, {}, GUEST.headers);
    expect(await problemOf(cancelled)).toMatchObject({ status: 404, type: '/problems/no-request' });
    const own = acceptedSchema.parse(await (await api.post('requests', SUBMISSION, GUEST.headers)).json());
    const { requests } = listSchema.parse(await (await api.call('requests', GUEST)).json());
    expect(requests.map((one) => one.requestId)).toEqual([own.requestId]);
    expect((await api.post(`requests/${own.requestId}/cancel`, {}, GUEST.headers)).status).toBe(202);
  });
});

describe('An app without a tenant on Azure', () => {
  it('serves nobody, whatever the key, and says why to its log alone', async () => {
    for (const path of ['requests', 'requests/x', 'requests/x/package']) {
      const problem = await problemOf(await onAzure.call(path));
      expect(problem).toMatchObject({ status: 500, type: '/problems/internal' });
      expect(JSON.stringify(problem)).not.toMatch(/AUTH_MODE|WEBSITE/);
    }
    await expect.poll(() => onAzure.log.join('\n')).toMatch(/AUTH_MODE.*local mode is for one machine only/);
    expect((await onAzure.call('health')).status).toBe(503);
    expect(
      (await onAzure.call('requests', { method: 'OPTIONS', headers: { origin: 'https://a.example.com' } })).status,
    ).toBe(500);
  });
});
