import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LATER, problemOf, useApi } from './support.ts';

const api = useApi();
const OFFICER = { 'x-functions-key': 'officer-key' };
const GUEST = { 'x-functions-key': 'guest-key' };
const holdSchema = z.looseObject({ id: z.string() });

describe('Holds', () => {
  it('are set, seen in the list and in the request, and lifted', async () => {
    const { requestId } = await api.stored({ state: 'running', run: { n: 1, ended: false } });
    const order = { reference: 'case-1', reason: 'litigation', reviewBy: LATER };
    const set = await api.post('holds', order, OFFICER);
    expect(set.status).toBe(201);
    const { id } = holdSchema.parse(await set.json());
    expect(set.headers.get('location')).toBe(`/api/holds/${id}`);
    expect(await (await api.call('holds', { headers: OFFICER })).json()).toMatchObject({ holds: [{ id }] });
    const seen = await api.call(`requests/${requestId}`);
    expect(await seen.json()).toMatchObject({ held: { by: [id] }, holds: [{ id, reason: 'litigation' }] });
    for (const _ of ['once', 'again']) {
      const lifted = await api.call(`holds/${id}`, {
        method: 'DELETE',
        body: JSON.stringify({ reason: 'settled' }),
        headers: { ...OFFICER, 'content-type': 'application/json' },
      });
      expect(await lifted.json()).toMatchObject({ id, lifted: { actor: 'officer', reason: 'settled' } });
    }
    expect(await (await api.call('holds', { headers: OFFICER })).json()).toEqual({ holds: [] });
  });

  it('are refused with the field that is wrong, to a key without a name, and under an unknown id', async () => {
    const order = { reason: 'litigation', reviewBy: LATER };
    for (const body of [order, { ...order, target: 'vision', reference: 'x' }, { ...order, target: 'elsewhere' }]) {
      expect((await problemOf(await api.post('holds', body, OFFICER))).type).toBe('/problems/validation');
    }
    const past = { ...order, target: 'vision', reviewBy: '2020-01-01T00:00:00Z' };
    expect(await problemOf(await api.post('holds', past, OFFICER))).toMatchObject({ errors: [{ field: 'reviewBy' }] });
    const guest = await api.post('holds', { ...order, target: 'vision' }, GUEST);
    expect((await problemOf(guest)).type).toBe('/problems/unnamed-caller');
    const unknown = await api.call('holds/nonsense', {
      method: 'DELETE',
      body: JSON.stringify({ reason: 'x' }),
      headers: { ...OFFICER, 'content-type': 'application/json' },
    });
    expect(await problemOf(unknown)).toMatchObject({ status: 404, type: '/problems/no-hold' });
  });
});
