import { describe, expect, test } from 'vitest';
import { addSeconds } from '../../../src/lib/domain/clock.ts';
import { ARM, askedOf, deleteAccount, managed, PLANE, readAccount, upstreamOf } from './account-fixture.ts';
import { accountTarget, empty, freePace, json, serve, text } from './fixture.ts';

const now = new Date('2030-01-01T00:00:00Z');
const clock = { now: () => now };
const removal = { operation: deleteAccount, parameters: {} };
const STATUS = `${ARM}/operationsStatus/1?api-version=2017-06-01-preview`;
const later = (seconds: number): Date => addSeconds(now, seconds);

describe('what a 202 has begun', () => {
  test.each([
    [
      'the status URL before the others',
      { 'azure-asyncoperation': STATUS, 'operation-location': `${ARM}/b`, location: `${ARM}/c` },
      { pollUrl: STATUS, pollAfter: later(15) },
    ],
    [
      'the operation before the location',
      { 'operation-location': `${ARM}/b`, location: `${ARM}/c`, 'retry-after': '7' },
      { pollUrl: `${ARM}/b`, pollAfter: later(7) },
    ],
    ['a location by its path', { location: '/ops/1' }, { pollUrl: 'https://management.azure.com/ops/1' }],
    ['another host of ours', { location: `${PLANE}/operations/1` }, { pollUrl: `${PLANE}/operations/1` }],
    [
      'what may be asked, past what may not',
      { 'azure-asyncoperation': 'https://evil.example/1', location: `${ARM}/c` },
      { pollUrl: `${ARM}/c` },
    ],
  ])('is asked for at %s', async (_, headers, poll) => {
    const service = await serve(empty(202, headers));
    const verdict = await upstreamOf(service, managed, { clock }).send(accountTarget, removal);
    expect(verdict).toMatchObject({ kind: 'ok', value: undefined, ...poll });
  });

  test.each([
    ['names only hosts that are none of ours', empty(202, { location: 'https://evil.example/1' })],
    ['names nothing', empty(202)],
    ['is over already', empty(200, { location: `${ARM}/c` })],
    ['was nothing', empty(204)],
  ])('is not asked for when the answer %s', async (_, handler) => {
    const service = await serve(handler);
    const verdict = await upstreamOf(service, managed).send(accountTarget, removal);
    expect(verdict).toEqual({ kind: 'ok', value: undefined });
  });

  test('is not asked for where the catalogue knows of no such thing', async () => {
    const { longRunning: _, ...short } = deleteAccount;
    const service = await serve(empty(202, { location: `${ARM}/c` }));
    const verdict = await upstreamOf(service, managed).send(accountTarget, { operation: short, parameters: {} });
    expect(verdict).toEqual({ kind: 'ok', value: undefined });
  });
});

describe('asking what has become of it', () => {
  const running = { kind: 'ok', value: 'running', pollUrl: STATUS, pollAfter: later(15) };
  const succeeded = { kind: 'ok', value: 'succeeded' };
  test.each([
    ['succeeded', json(200, { status: 'Succeeded', error: {} }), succeeded],
    ['succeeded in small letters', json(200, { status: 'succeeded' }), succeeded],
    ['still deleting', json(200, { id: '1', status: 'Deleting', percentComplete: 20, error: {} }), running],
    ['a resource that is being deleted', json(200, { properties: { provisioningState: 'Deleting' } }), running],
    ['the swagger’s name of the state', json(200, { provisioningState: 'Succeeded' }), succeeded],
    ['an operation of model management', json(200, { state: 'NotStarted', error: null }), running],
    ['status before provisioning state', json(200, { status: 'Failed', provisioningState: 'Succeeded' }), 'Failed'],
    ['failed with a code', json(200, { status: 'Failed', error: { code: 'Conflict', message: 'Ann' } }), 'Conflict'],
    ['canceled', json(200, { status: 'Canceled' }), 'Canceled'],
    ['cancelled, as model management writes it', json(200, { state: 'Cancelled' }), 'Cancelled'],
    ['an empty 200', empty(200), succeeded],
    ['a 204', empty(204), succeeded],
    ['a document without a state', json(200, { id: 'x' }), succeeded],
    ['a 202', empty(202), running],
    ['a 202 with a document', json(202, { status: 'Succeeded' }), running],
    ['nothing there', json(404, { error: { code: 'ResourceNotFound' } }), { kind: 'absent' }],
    ['a refusal', json(403, { error: { code: 'AuthorizationFailed' } }), { kind: 'refused', status: 403 }],
    ['a state that is no word', json(200, { status: 7 }), { kind: 'busy' }],
    ['a list', json(200, [1]), { kind: 'busy' }],
    ['a page of HTML', text(200, 'text/html', '<html>'), { kind: 'busy' }],
  ])('understands %s', async (_, handler, expected) => {
    const service = await serve(handler);
    const verdict = await upstreamOf(service, managed, { clock, retries: 0 }).poll(accountTarget, STATUS);
    expect(verdict).toMatchObject(
      typeof expected === 'string' ? { kind: 'ok', value: { failed: expected } } : expected,
    );
    expect(askedOf(service)).toEqual([`GET ${STATUS}`]);
    expect(service.seen[0]?.headers.authorization).toMatch(/^Bearer /);
  });

  test('waits as long as upstream says', async () => {
    const service = await serve(json(200, { status: 'Deleting' }, { 'retry-after': '40' }));
    const verdict = await upstreamOf(service, managed, { clock }).poll(accountTarget, STATUS);
    expect(verdict).toMatchObject({ value: 'running', pollAfter: later(40) });
  });

  test.each(['https://evil.example/1', 'no URL', `${ARM.replace('https', 'http')}/1`])(
    'is refused at %s, and nothing is sent',
    async (url) => {
      const service = await serve(empty(200));
      const verdict = await upstreamOf(service, managed).poll(accountTarget, url);
      expect(verdict).toMatchObject({ kind: 'refused', code: 'LinkNotAllowed' });
      expect(service.seen).toHaveLength(0);
    },
  );
});

describe('the quota that answers name', () => {
  const account = { operation: readAccount, parameters: {} };
  test.each([
    ['reads', '9', 1],
    ['reads', '0', 1],
    ['global-deletes', '3', 1],
    ['reads', '10', 0],
    ['reads', '14967', 0],
    ['reads', 'many', 0],
  ])('with %s at %s makes everybody pause %i times', async (kind, left, pauses) => {
    const pace = freePace();
    const service = await serve(json(200, {}, { [`x-ms-ratelimit-remaining-subscription-${kind}`]: left }));
    await upstreamOf(service, managed, { clock, pace }).send(accountTarget, account);
    expect(pace.pauses).toEqual(Array(pauses).fill(later(2)));
  });

  test('gives way to a longer wait that a 429 asks for', async () => {
    const pace = freePace();
    const headers = { 'x-ms-ratelimit-remaining-subscription-reads': '0', 'retry-after': '60' };
    const service = await serve(json(429, { error: { code: 'TooManyRequests' } }, headers));
    await upstreamOf(service, managed, { clock, pace }).send(accountTarget, account);
    expect(pace.pauses).toEqual([later(60)]);
  });
});
