import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../src/lib/domain/ledger.ts';
import { problemOf, useApi } from './support.ts';

const api = useApi();
const OFFICER = { 'x-functions-key': 'officer-key' };
const GUEST = { 'x-functions-key': 'guest-key' };
const ended = { state: 'partially-completed' as const };

describe('POST …/redrive', () => {
  it('refuses in clear words what it can not do', async () => {
    const { requestId } = await api.stored(ended);
    const path = `requests/${requestId}/redrive`;
    const only = [{ taskId: '1-00' }];
    const orders = [
      { body: {}, type: 'validation', says: 'errors' },
      { body: { reason: 'x', only: [] }, type: 'validation', says: 'errors' },
      { body: { reason: 'x', only: [{ taskId: '1-00', item: 'a key' }] }, type: 'validation', says: 'errors' },
      { body: { reason: 'x', only }, type: 'validation', says: 'is no task of this request' },
      { body: { reason: 'x' }, type: 'not-redrivable', says: 'Nothing of this has failed' },
      { body: { reason: 'x' }, headers: GUEST, type: 'unnamed-caller', says: 'named' },
    ];
    for (const { body, headers, type, says } of orders) {
      const answer = await problemOf(await api.post(path, body, headers ?? OFFICER));
      expect({ body, type: answer.type }).toEqual({ body, type: `/problems/${type}` });
      expect(JSON.stringify(answer)).toContain(says);
    }
    const { requestId: running } = await api.stored({ state: 'completed' });
    const late = await problemOf(await api.post(`requests/${running}/redrive`, { reason: 'x' }, OFFICER));
    expect(late).toMatchObject({ status: 409, detail: 'It is completed.' });
  });
});

describe('GET …/failures', () => {
  it('answers a page, and refuses a page that is none of its own', async () => {
    const { requestId } = await api.stored(ended);
    const path = `requests/${requestId}/failures`;
    expect(await (await api.call(path)).json()).toEqual({ requestId, failures: [] });
    for (const query of ['limit=0', 'limit=201', 'continuation=', 'continuation=abc', 'continuation=e30'])
      expect((await problemOf(await api.call(`${path}?${query}`))).type).toBe('/problems/validation');
  });

  it('says so where the results are gone', async () => {
    const { requestId } = await api.stored({
      ...ended,
      results: { since: '2026-01-06T00:00:00.000Z', totals: NO_COUNTS },
    });
    expect(await problemOf(await api.call(`requests/${requestId}/failures`))).toMatchObject({
      status: 410,
      type: '/problems/results-gone',
    });
  });
});

describe('GET …/receipt', () => {
  it('takes an edition that there may be', async () => {
    const { requestId } = await api.stored(ended);
    const path = `requests/${requestId}/receipt`;
    expect((await problemOf(await api.call(`${path}?edition=0`))).type).toBe('/problems/validation');
    expect((await problemOf(await api.call(`${path}?edition=2`))).type).toBe('/problems/no-receipt');
  });
});
