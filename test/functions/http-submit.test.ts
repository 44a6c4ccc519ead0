import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mintRequestId, requestIdSchema } from '../../src/lib/domain/ids.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { problemOf, useApi } from './support.ts';

const api = useApi();
const SUBMISSION = { action: 'export', subject: { reference: 'case-77' }, targets: 'all', scope: 'target' };
const acceptedSchema = z.looseObject({ requestId: requestIdSchema, state: z.string() });

/** `fc.anything()` makes bigints, which JSON doesn't know. */
const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);

describe('POST /api/requests', () => {
  it('accepts a request and says where to look and when', async () => {
    const answer = await api.post('requests', SUBMISSION);
    expect(answer.status).toBe(202);
    const { requestId, state } = acceptedSchema.parse(await answer.json());
    expect(state).toBe('received');
    expect(answer.headers.get('location')).toBe(`/api/requests/${requestId}`);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const view = await api.call(`requests/${requestId}`);
    expect(view.headers.get('retry-after')).not.toBeNull();
    const text = await view.text();
    expect(JSON.parse(text)).toMatchObject({ requestId, action: 'export', state: 'received', submittedBy: 'portal' });
    expect(text).not.toContain('case-77');
  });

  it('answers alike to the same idempotency key, and 422 when the body is another', async () => {
    const headers = { 'idempotency-key': 'same' };
    const first = acceptedSchema.parse(await (await api.post('requests', SUBMISSION, headers)).json());
    const second = await api.post('requests', SUBMISSION, headers);
    expect(second.status).toBe(202);
    expect(acceptedSchema.parse(await second.json()).requestId).toBe(first.requestId);
    const other = await api.post('requests', { ...SUBMISSION, note: 'other' }, headers);
    expect((await problemOf(other)).type).toBe('/problems/other-body');
  });

  it('names every field that is wrong', async () => {
    const body = { action: 'burn', subject: { email: 'x', colour: 1 }, targets: ['Not A Name'], families: 7 };
    const problem = await problemOf(await api.post('requests', body));
    const { errors } = z
      .looseObject({ errors: z.array(z.object({ field: z.string(), message: z.string() })) })
      .parse(problem);
    expect(problem).toMatchObject({ status: 400, type: '/problems/validation' });
    expect(errors.map(({ field }) => field).sort()).toEqual(
      ['action', 'families', 'scope', 'subject.colour', 'subject.email', 'subject.reference', 'targets.0'].sort(),
    );
    for (const { message } of errors) expect(message).not.toBe('');
  });

  it('names targets and families that are unknown', async () => {
    const body = { ...SUBMISSION, targets: ['vision', 'nowhere'], families: ['nothing'] };
    const problem = await problemOf(await api.post('requests', body));
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'targets.1' }, { field: 'families.0' }] });
  });

  it.each([
    ['no JSON', { body: '{"action":' }, 400, 'malformed-json'],
    ['bytes that are not UTF-8', { body: new Uint8Array([0x22, 0xff, 0x22]) }, 400, 'malformed-json'],
    ['another content type', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'not-json'],
    ['65 KiB', { body: JSON.stringify({ note: 'x'.repeat(65 * 1024) }) }, 413, 'body-too-large'],
    ['no body', {}, 400, 'validation'],
    ['a bad idempotency key', { body: '{}', headers: { 'idempotency-key': 'a b' } }, 400, 'validation'],
  ])('refuses %s', async (_, init: RequestInit, status, type) => {
    const headers = { 'content-type': 'application/json', ...Object.fromEntries(new Headers(init.headers)) };
    const answer = await api.call('requests', { ...init, method: 'POST', headers });
    expect(await problemOf(answer)).toMatchObject({ status, type: `/problems/${type}` });
  });

  it('refuses a long body that does not say its length', async () => {
    const chunks = ReadableStream.from(Array.from({ length: 80 }, () => new Uint8Array(1024)));
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', body: chunks, duplex: 'half' as const, headers };
    expect(await problemOf(await api.call('requests', init))).toMatchObject({ status: 413 });
  });

  it('never answers 5xx, whatever is sent', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ action: fc.anything(), subject: fc.anything(), targets: fc.anything(), scope: fc.anything() })
        .map((v) => JSON.stringify(v, replacer)),
    );
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('requests', `requests/${mintRequestId()}/decision`),
        async (body, path) => {
          const answer = await api.call(path, {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json' },
          });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
          await problemOf(answer);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('Keys', () => {
  it('are needed everywhere but on health', async () => {
    const bare = { headers: { 'x-functions-key': 'wrong' } };
    expect((await api.call('requests', bare)).status).toBe(401);
    const health = await fetch(`${api.url}/api/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok' });
  });

  it('may come in the query, and name the actor from there too', async () => {
    const answer = await fetch(`${api.url}/api/requests?code=officer-key`, {
      method: 'POST',
      body: JSON.stringify(SUBMISSION),
      headers: { 'content-type': 'application/json' },
    });
    const { requestId } = acceptedSchema.parse(await answer.json());
    expect((await recordStore(api.storage.storage).read(requestId))?.submittedBy).toBe('officer');
  });
});
