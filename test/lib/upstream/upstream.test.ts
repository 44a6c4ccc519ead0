import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Verdict } from '../../../src/lib/plan/verdict.ts';
import type { Page } from '../../../src/lib/upstream/upstream.ts';
import {
  broken,
  deleteThing,
  empty,
  entraTarget,
  freePace,
  json,
  KEY,
  keyTarget,
  listThings,
  pageThings,
  postThing,
  readThing,
  serve,
  TOKEN,
  text,
  upstreamTo,
} from './fixture.ts';

const thing = { operation: readThing, parameters: { thingId: 'a/b' } };
const removal = { operation: deleteThing, parameters: { thingId: 'a' } };

describe('a call', () => {
  test('goes to the gateway with the real host, path and query, signed with the key', async () => {
    const service = await serve(json(200, { id: 'a' }));
    const verdict = await upstreamTo(service).send(keyTarget, { ...thing, query: { ids: 'x,y' } });
    expect(verdict).toEqual({ kind: 'ok', value: { id: 'a' } });
    expect(service.seen[0]?.url).toBe('/customvision/v3.3/training/things/a%2Fb?ids=x%2Cy');
    expect(service.seen[0]?.headers).toMatchObject({
      'x-forwarded-host': 'studio.cognitiveservices.azure.com',
      'training-key': KEY,
      'x-ms-client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(service.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('carries a bearer token where the target signs in with the app identity', async () => {
    const service = await serve(json(200, {}));
    await upstreamTo(service).send(entraTarget, thing);
    expect(service.seen[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(service.seen[0]?.headers['training-key']).toBeUndefined();
  });

  test('sends its body as JSON', async () => {
    const bodies: string[] = [];
    const service = await serve((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => json(200, null)(request, response));
    });
    await upstreamTo(service).send(keyTarget, { ...thing, operation: postThing, body: { a: 1 } });
    expect(bodies.join('')).toBe('{"a":1}');
    expect(service.seen[0]?.headers['content-type']).toBe('application/json');
  });

  test.each([
    ['a deletion that answers 204', empty(204), { kind: 'ok', value: undefined }],
    ['a deletion of what is gone', json(404, { code: 'NotFoundThing' }), { kind: 'absent' }],
    [
      'a refusal in the way of the service',
      json(400, { code: 'BadRequestIterationIsPublished', message: 'secret of Ann' }),
      {
        kind: 'refused',
        status: 400,
        code: 'BadRequestIterationIsPublished',
        reason: 'DeleteThing: 400 BadRequestIterationIsPublished',
      },
    ],
    [
      'a refusal in the way of the gateway before it',
      json(403, { error: { code: '403', message: 'x' } }),
      { kind: 'refused', status: 403, code: '403', reason: 'DeleteThing: 403 403' },
    ],
    [
      'a refused sign-in, which is nothing of the item and may be put right',
      json(401, { error: { code: '401', message: 'x' } }),
      { kind: 'busy', until: expect.any(Date), untouched: true, reason: 'DeleteThing: 401 401' },
    ],
    [
      'a refusal whose code is no word',
      json(403, { code: 'Ann Lee <ann@example.org>' }),
      { kind: 'refused', status: 403, code: '403', reason: 'DeleteThing: 403' },
    ],
    [
      'a redirect, which is not followed',
      empty(302, { location: 'https://studio.cognitiveservices.azure.com/else' }),
      { kind: 'refused', status: 302, code: '302', reason: 'DeleteThing: 302' },
    ],
  ])('understands %s', async (_, handler, expected) => {
    const service = await serve(handler);
    expect(await upstreamTo(service).send(keyTarget, removal)).toEqual(expected);
    expect(service.seen).toHaveLength(1);
  });

  test('is busy without going anywhere when the key is not set', async () => {
    const service = await serve(json(200, {}));
    const verdict = await upstreamTo(service, { secret: () => undefined }).send(keyTarget, thing);
    expect(verdict).toMatchObject({ kind: 'busy', untouched: true, reason: expect.stringContaining('KeyNotSet') });
    expect(service.seen).toHaveLength(0);
  });

  test('is busy when the identity service gives no token, and says nothing of its message', async () => {
    const service = await serve(json(200, {}));
    const credential = { getToken: () => Promise.reject(new Error('tenant of Ann')) };
    const verdict = await upstreamTo(service, { credential, retries: 0 }).send(entraTarget, thing);
    expect(verdict).toMatchObject({
      kind: 'busy',
      untouched: true,
      reason: expect.stringContaining('TokenNotGranted'),
    });
    expect(JSON.stringify(verdict)).not.toContain('Ann');
    expect(service.seen).toHaveLength(0);
  });
});

describe('a busy call', () => {
  const good = json(200, { id: 'a' });
  test.each([
    ['a 503', empty(503)],
    ['a 429 that asks for half a second', empty(429, { 'retry-after-ms': '500' })],
    ['a page of HTML that calls itself 200', text(200, 'text/html', '<html>')],
    ['JSON that is none', text(200, 'application/json', '{"id":')],
    ['an empty 200', empty(200)],
    ['an answer cut off in the middle', broken('{"id":"a"}', 5)],
    ['a connection that is reset', (_: unknown, response: { destroy(): void }) => response.destroy()],
  ])('is tried again after %s', async (_, handler) => {
    const service = await serve(handler, good);
    expect(await upstreamTo(service).send(keyTarget, thing)).toEqual({ kind: 'ok', value: { id: 'a' } });
    expect(service.seen).toHaveLength(2);
  });

  test('stays busy when the tries are used up', async () => {
    const service = await serve(empty(500));
    expect(await upstreamTo(service, { retries: 1 }).send(keyTarget, thing)).toMatchObject({ kind: 'busy' });
    expect(service.seen).toHaveLength(2);
  });

  test('waits for the caller when upstream asks for more than a few seconds, and everybody is told to pause', async () => {
    const service = await serve(empty(429, { 'retry-after': '60' }));
    const pace = freePace();
    const verdict = await upstreamTo(service, { pace }).send(keyTarget, thing);
    expect(verdict).toMatchObject({ kind: 'busy', told: true, untouched: true, reason: 'ReadThing: 429' });
    expect(service.seen).toHaveLength(1);
    expect(pace.pauses).toEqual([verdict.kind === 'busy' ? verdict.until : undefined]);
  });

  test('is not sent while the pace says later', async () => {
    const service = await serve(good);
    const at = new Date('2030-01-01T00:00:00Z');
    const pace = { ...freePace(), take: async () => ({ kind: 'later', at }) as const };
    expect(await upstreamTo(service, { pace }).send(keyTarget, thing)).toMatchObject({ kind: 'busy', until: at });
    expect(service.seen).toHaveLength(0);
  });

  test('is given up at its deadline, before the headers and within the body', async () => {
    const silent = await serve(() => undefined);
    const options = { callSeconds: 0.2, retries: 0 };
    expect(await upstreamTo(silent, options).send(keyTarget, thing)).toMatchObject({
      kind: 'busy',
      reason: 'ReadThing: no answer in time',
    });
    const stuck = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    expect(await upstreamTo(stuck, options).send(keyTarget, thing)).toMatchObject({
      kind: 'busy',
      reason: 'ReadThing: no answer in time',
    });
  });

  test('is not repeated by itself when it is a POST', async () => {
    const service = await serve(empty(503), json(200, {}));
    const verdict = await upstreamTo(service).send(keyTarget, { ...thing, operation: postThing });
    expect(verdict).toMatchObject({ kind: 'busy' });
    expect(service.seen).toHaveLength(1);
  });

  test('a deletion that finds nothing after a lost answer stays busy: the caller keeps account of attempts', async () => {
    const service = await serve((_, response) => response.destroy(), empty(404));
    expect(await upstreamTo(service).send(keyTarget, removal)).toMatchObject({ kind: 'busy' });
  });

  test('a deletion that is refused after a lost answer stays busy, too: the refusal may be of what is gone', async () => {
    const service = await serve((_, response) => response.destroy(), empty(400), empty(403));
    const upstream = upstreamTo(service);
    expect(await upstream.send(keyTarget, removal)).toMatchObject({
      kind: 'busy',
      reason: expect.stringMatching(/400/),
    });
    expect(await upstream.send(keyTarget, removal), 'nothing was lost here').toMatchObject({ kind: 'refused' });
  });

  test('a deletion that finds nothing after it was turned away is absent', async () => {
    const service = await serve(empty(429, { 'retry-after': '0' }), empty(404));
    expect(await upstreamTo(service).send(keyTarget, removal)).toEqual({ kind: 'absent' });
  });
});

describe('an answer', () => {
  test('longer than the limit is refused, whether it announces its length or not', async () => {
    const long = JSON.stringify('x'.repeat(5000));
    const announced = await serve(text(200, 'application/json', long));
    const expected = { kind: 'refused', status: 0, code: 'AnswerTooLarge' };
    expect(await upstreamTo(announced, { answerLimitBytes: 1000 }).send(keyTarget, thing)).toMatchObject(expected);
    const chunked = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(long.slice(0, 900));
      response.end(long.slice(900));
    });
    expect(await upstreamTo(chunked, { answerLimitBytes: 1000 }).send(keyTarget, thing)).toMatchObject(expected);
  });

  test('never shows up in a reason', async () => {
    const service = await serve(json(500, { error: { code: 'Ann', message: `${KEY} ${TOKEN} Ann Lee` } }));
    const verdict = await upstreamTo(service, { retries: 0 }).send(keyTarget, thing);
    expect(JSON.stringify(verdict)).not.toMatch(/Lee|key-of|token-of|things/);
  });
});

const ok = (value: unknown) => ({ kind: 'ok', value });
const thingSchema = z.object({ id: z.string() });

function nextOf(verdict: Verdict<Page>): string {
  if (verdict.kind !== 'ok' || verdict.value.next === undefined) throw new Error('A page that goes on was expected.');
  return verdict.value.next;
}

describe('a list', () => {
  const list = { operation: pageThings, parameters: { iterationId: 'i 1' } };
  test('with skip and take goes on after a full page and ends with a short one', async () => {
    const service = await serve(json(200, [1, 2, 3]), json(200, [3, 4]));
    const upstream = upstreamTo(service);
    const first = await upstream.page(keyTarget, list);
    expect(first).toEqual(ok({ items: [1, 2, 3], start: 0, next: expect.stringMatching(/^3:/) }));
    expect(await upstream.page(keyTarget, list, nextOf(first))).toEqual(ok({ items: [4], start: 3 }));
    expect(service.seen.map(({ url }) => url?.split('?')[1])).toEqual([
      'orderBy=Oldest&iterationId=i%201&take=3&skip=0',
      'orderBy=Oldest&iterationId=i%201&take=3&skip=2',
    ]);
  });

  const skips = (seen: readonly IncomingMessage[]) =>
    seen.map(({ url }) => Number(new URLSearchParams(url?.split('?')[1]).get('skip')));

  test('with skip and take is read on where it was left, when another page is answered than was asked for', async () => {
    const service = await serve(json(200, [1, 2, 3]), json(200, [1, 2, 3]), json(200, [5]), json(200, [3, 4, 5]));
    const upstream = upstreamTo(service);
    const first = await upstream.page(keyTarget, list);
    const second = await upstream.page(keyTarget, list, nextOf(first));
    expect(second).toEqual(ok({ items: [4, 5], start: 3, next: expect.stringMatching(/^5:/) }));
    expect(skips(service.seen)).toEqual([0, 2, 4, 2]);
  });

  test('with skip and take leaves nothing out when elements vanish behind it, and tells nothing twice when some are put before it', async () => {
    const things = Array.from({ length: 12 }, (_, id) => ({ id: String(id), link: 'a' }));
    const answer = (from: readonly unknown[]) => (request: IncomingMessage, response: ServerResponse) => {
      const skip = Number(new URLSearchParams(request.url?.split('?')[1]).get('skip'));
      json(200, from.slice(skip, skip + 3))(request, response);
    };
    const changes = [
      things.toSpliced(0, 1),
      things.toSpliced(2, 1),
      things.toSpliced(0, 2),
      [{ id: 'new' }, { id: 'newer' }, ...things],
      things.map(({ id }) => ({ id, link: 'b' })),
    ];
    for (const changed of changes) {
      const upstream = upstreamTo(await serve(answer(things), answer(changed)));
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const verdict = await upstream.page(keyTarget, list, cursor);
        if (verdict.kind !== 'ok') throw new Error(`A page was expected, it was ${verdict.kind}.`);
        ids.push(...verdict.value.items.map((item) => thingSchema.parse(item).id));
        cursor = verdict.value.next;
      } while (cursor !== undefined);
      expect(ids).toEqual(things.map(({ id }) => id));
    }
  });

  test('with skip and take whose place is lost is asked for again later', async () => {
    const service = await serve(json(200, [1, 2, 3]), json(200, [7, 8, 9]));
    const upstream = upstreamTo(service, { retries: 0 });
    const lost = await upstream.page(keyTarget, list, nextOf(await upstream.page(keyTarget, list)));
    const reason = "PageThings: the list doesn't go on where the page before ended";
    expect(lost).toMatchObject({ kind: 'busy', reason });
  });

  test('that comes whole has one page', async () => {
    const service = await serve(json(200, [1, 2, 3, 4]));
    const verdict = await upstreamTo(service).page(keyTarget, { operation: listThings, parameters: {} });
    expect(verdict).toEqual({ kind: 'ok', value: { items: [1, 2, 3, 4] } });
    expect(service.seen[0]?.url).toBe('/customvision/v3.3/training/things');
  });

  test('is asked for once more when it comes empty, and then believed', async () => {
    const mistaken = await serve(json(200, []), json(200, [1]));
    expect(await upstreamTo(mistaken).page(keyTarget, list)).toEqual(ok({ items: [1], start: 0 }));
    const empty = await serve(json(200, []));
    expect(await upstreamTo(empty).page(keyTarget, list, '3')).toEqual(ok({ items: [], start: 3 }));
    expect(empty.seen).toHaveLength(2);
  });

  test('is asked for again when the answer is no list', async () => {
    const service = await serve(json(200, { value: [] }), json(200, [1]));
    expect(await upstreamTo(service).page(keyTarget, list)).toEqual(ok({ items: [1], start: 0 }));
  });

  test.each(['-1', 'x', '1e3', '', '3:', '3:Ann'])('does not take %j for a cursor', async (cursor) => {
    const service = await serve(json(200, []));
    await expect(upstreamTo(service).page(keyTarget, list, cursor)).rejects.toThrow('must be a number');
    expect(service.seen).toHaveLength(0);
  });
});
