import { describe, expect, it } from 'vitest';
import { recordStore } from '../../src/lib/store/records.ts';
import { eventually } from '../local/host/support.ts';
import { problemOf, useApi } from './support.ts';

const api = useApi(undefined, { TEST_APP: 'sweeps' });
const LONG_AGO = '2026-01-05T10:00:00.000Z';
const ended = () =>
  api.stored({ state: 'completed', stateSince: LONG_AGO, endedAt: LONG_AGO, run: { n: 1, ended: true } });

/** What Azure's portal does to run a timer's function out of turn. */
const tick = (name: string) =>
  fetch(`${api.url}/admin/functions/${name}`, {
    method: 'POST',
    headers: { 'x-functions-key': 'master-key', 'content-type': 'application/json' },
    body: '{}',
  });

const sweptEvents = () => api.log.filter((line) => line.includes('"event":"sweep"'));

describe('A sweep on the host', () => {
  it('runs when its timer is called, and removes what is due', async () => {
    const { requestId } = await ended();
    const records = recordStore(api.storage.storage);
    expect((await tick('sweep-results')).status).toBe(202);
    expect(await eventually(async () => (await records.read(requestId))?.results?.removedAt)).toBeTypeOf('string');
    expect((await tick('sweep-subjects')).status).toBe(202);
    expect(await eventually(async () => (await records.read(requestId))?.forgotten)).toMatchObject({});
    const view = await (await api.call(`requests/${requestId}`)).json();
    expect(view).toMatchObject({ state: 'completed', results: { removedAt: expect.any(String) } });
    expect((await problemOf(await api.call(`requests/${requestId}/package`))).type).toBe('/problems/package-gone');
  });

  it.each(['history', 'orphans', 'policies', 'results', 'subjects'])(
    'runs %s by hand and tells what it did',
    async (name) => {
      const { requestId } = await ended();
      const before = sweptEvents().length;
      const dry = await api.post(`sweeps/${name}?dryRun=true`, {});
      expect(dry.status).toBe(200);
      expect(await dry.json()).toMatchObject({ sweep: name, dryRun: true, more: false });
      const wet = await api.post(`sweeps/${name}`, {});
      expect(await wet.json()).toMatchObject({ sweep: name, dryRun: false, more: false });
      expect(sweptEvents().length).toBe(before + 2);
      expect(sweptEvents().join('\n')).not.toContain(requestId);
    },
  );

  it('is refused to a key without the role, and where there is no such sweep or option', async () => {
    const guest = await api.post('sweeps/results', {}, { 'x-functions-key': 'guest-key' });
    expect(guest.status).toBe(403);
    expect((await api.post('sweeps/everything', {})).status).toBe(404);
    expect((await api.post('sweeps/results?dryRun=perhaps', {})).status).toBe(400);
    expect((await api.post('sweeps/results', { dryRun: true })).status).toBe(400);
    expect((await api.post('sweeps/results', { more: 'x'.repeat(70_000) })).status).toBe(413);
    const text = { method: 'POST', body: 'dryRun', headers: { 'content-type': 'text/plain' } };
    expect((await api.call('sweeps/results', text)).status).toBe(415);
  });
});
