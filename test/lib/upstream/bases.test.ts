import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { addSeconds, type Clock } from '../../../src/lib/domain/clock.ts';
import { ARM, askedOf, listModels, managed, PLANE, readAccount, telling, upstreamOf } from './account-fixture.ts';
import { accountTarget, empty, json, type Service, serve } from './fixture.ts';

const models = { operation: listModels, parameters: {} };
const account = { operation: readAccount, parameters: {} };
const tells = (location: unknown) => json(200, { name: 'models1', properties: { swagger: { location } } });
const list = json(200, { value: [1] });

/** Answers questions on the resource manager's host by `manager`, all others by a list. */
const serveBoth = (manager: (request: IncomingMessage, response: ServerResponse) => void): Promise<Service> =>
  serve((request, response) => {
    const ofManager = request.headers['x-forwarded-host'] === 'management.azure.com';
    (ofManager ? manager : list)(request, response);
  });

function turningClock(): Clock & { turn(seconds: number): void } {
  let now = new Date('2030-01-01T00:00:00Z');
  return {
    now: () => now,
    turn: (seconds) => {
      now = addSeconds(now, seconds);
    },
  };
}

const ACCOUNT = `GET ${ARM}/accounts/models1?api-version=2017-09-01-preview`;
const below = (base: string): string => `GET ${base}/models?api-version=2017-09-01-preview`;
const TOLD = 'https://eu2.hosting.azureml.net/api/accounts/models1';

describe('the base URL of a call', () => {
  test('is the pattern where the service tells none', async () => {
    const service = await serveBoth(empty(500));
    await upstreamOf(service, managed).page(accountTarget, models);
    expect(askedOf(service)).toEqual([below(PLANE)]);
  });

  test('is what the service tells, without the last segment', async () => {
    const service = await serveBoth(tells(`${TOLD}/swagger.json?sv=1#x`));
    const verdict = await upstreamOf(service, telling).page(accountTarget, models);
    expect(verdict).toEqual({ kind: 'ok', value: { items: [1] } });
    expect(askedOf(service)).toEqual([ACCOUNT, below(TOLD)]);
  });

  test('is asked for once by all callers, and again after ten minutes', async () => {
    const clock = turningClock();
    const service = await serveBoth(tells(`${TOLD}/swagger.json`));
    const upstream = upstreamOf(service, telling, { clock });
    const askAll = () => Promise.all([0, 1, 2].map(() => upstream.page(accountTarget, models)));
    await askAll();
    clock.turn(599);
    await askAll();
    expect(askedOf(service).filter((asked) => asked === ACCOUNT)).toHaveLength(1);
    clock.turn(2);
    await askAll();
    expect(askedOf(service).filter((asked) => asked === ACCOUNT)).toHaveLength(2);
  });

  test('is asked for each target by itself', async () => {
    const service = await serveBoth(tells(`${TOLD}/swagger.json`));
    const upstream = upstreamOf(service, telling);
    await upstream.page(accountTarget, models);
    await upstream.page({ ...accountTarget, account: 'models2' }, models);
    expect(askedOf(service).filter((asked) => asked.startsWith(`GET ${ARM}`))).toHaveLength(2);
  });

  test.each([
    ['is busy', empty(503)],
    ['says that there is no account', empty(404)],
    ['refuses', empty(403)],
    ['has no such member', json(200, { properties: null })],
    ['has something else there', tells(7)],
    ['names a host that is none of ours', tells('https://evil.example/swagger.json')],
    ['names a host that begins alike', tells('https://eu2.hosting.azureml.net.evil.example/swagger.json')],
    ['names a user', tells('https://ann@eu2.hosting.azureml.net/swagger.json')],
    ['names plain http', tells('http://eu2.hosting.azureml.net/swagger.json')],
    ['names another port', tells('https://eu2.hosting.azureml.net:8443/swagger.json')],
  ])('is the pattern when the service %s, and our secret stays where it belongs', async (_, manager) => {
    const service = await serveBoth(manager);
    expect(await upstreamOf(service, telling).page(accountTarget, models)).toMatchObject({ kind: 'ok' });
    expect(askedOf(service)).toEqual([ACCOUNT, below(PLANE)]);
  });

  test('is not asked for with every call while the service fails, but soon again', async () => {
    const clock = turningClock();
    const service = await serveBoth(empty(404));
    const upstream = upstreamOf(service, telling, { clock });
    await upstream.page(accountTarget, models);
    await upstream.page(accountTarget, models);
    expect(askedOf(service)).toEqual([ACCOUNT, below(PLANE), below(PLANE)]);
    clock.turn(61);
    await upstream.page(accountTarget, models);
    expect(askedOf(service).filter((asked) => asked === ACCOUNT)).toHaveLength(2);
  });

  test('of another kind of call is left alone', async () => {
    const service = await serveBoth(tells(`${TOLD}/swagger.json`));
    await upstreamOf(service, telling).page(accountTarget, account);
    expect(askedOf(service)).toEqual([ACCOUNT]);
  });
});

describe('a call for an account', () => {
  test('takes its name from the target, whatever an answer called it', async () => {
    const service = await serveBoth(json(200, {}));
    await upstreamOf(service, managed).send(accountTarget, { ...account, parameters: { accountName: 'neighbour' } });
    expect(askedOf(service)).toEqual([ACCOUNT]);
  });

  test('is a defect when the catalogue has no branch for it', async () => {
    const service = await serveBoth(empty(500));
    const upstream = upstreamOf(service, { ...managed, target: 'clusters' });
    await expect(upstream.send(accountTarget, account)).rejects.toThrow('No branch');
  });
});
