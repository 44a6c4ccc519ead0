import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { managed, queryPredictions, upstreamOf } from './account-fixture.ts';
import { accountTarget, empty, json, type Service, serve } from './fixture.ts';

const query = { operation: queryPredictions, parameters: {} };

/** A service that keeps the bodies it is sent. */
async function keeping(...answers: Parameters<typeof serve>): Promise<Service & { readonly bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const keep =
    (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
        answer(request, response);
      });
    };
  return { ...(await serve(...answers.map(keep))), bodies };
}

const token = { session: 's', continuation: 'c1', orderBy: 'Newest', tags: null, maxCount: 2 };

describe('a list that is queried by token', () => {
  test('posts its first question, then the token over it', async () => {
    const service = await keeping(
      json(200, { token, results: [1, 2] }),
      json(200, { token: { ...token, continuation: null }, results: [3] }),
    );
    const upstream = upstreamOf(service, managed);
    const first = await upstream.page(accountTarget, query);
    expect(first).toEqual({ kind: 'ok', value: { items: [1, 2], next: JSON.stringify(token) } });
    expect(await upstream.page(accountTarget, query, JSON.stringify(token))).toEqual({
      kind: 'ok',
      value: { items: [3] },
    });
    expect(service.bodies).toEqual([{ orderBy: 'Oldest', maxCount: 2 }, token]);
    expect(service.seen.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  test('puts what the call asks for into every question', async () => {
    const service = await keeping(json(200, { token, results: [1] }));
    const upstream = upstreamOf(service, managed);
    const call = { ...query, body: { iterationId: 'i' } };
    await upstream.page(accountTarget, call);
    await upstream.page(accountTarget, call, '{"continuation":"c"}');
    const asked = { orderBy: 'Oldest', maxCount: 2, iterationId: 'i' };
    expect(service.bodies).toEqual([asked, { ...asked, continuation: 'c' }]);
  });

  test('ends with an empty page, said twice, whatever its token says', async () => {
    const service = await keeping(json(200, { token, results: [] }));
    expect(await upstreamOf(service, managed).page(accountTarget, query)).toEqual({ kind: 'ok', value: { items: [] } });
    expect(service.seen).toHaveLength(2);
  });

  test.each([[{}], [{ continuation: '' }], [null], [undefined]])('ends when its token is %j', async (last) => {
    const service = await keeping(json(200, { token: last, results: [1] }));
    const verdict = await upstreamOf(service, managed).page(accountTarget, query);
    expect(verdict).toEqual({ kind: 'ok', value: { items: [1] } });
  });

  test('is tried again while it is busy: it changes nothing', async () => {
    const service = await keeping(empty(503), json(200, { results: [1] }));
    expect(await upstreamOf(service, managed).page(accountTarget, query)).toMatchObject({ value: { items: [1] } });
    expect(service.seen).toHaveLength(2);
  });

  test('that gets its own token back is busy', async () => {
    const service = await keeping(json(200, { token, results: [1] }));
    expect(await upstreamOf(service, managed).page(accountTarget, query, JSON.stringify(token))).toMatchObject({
      kind: 'busy',
      reason: 'QueryPredictions: the next page is the same page',
    });
  });

  test.each([[[1]], [{ results: 1 }], [{ results: [1], token: 'x' }]])('is asked for again after %j', async (body) => {
    const service = await keeping(json(200, body), json(200, { results: [1] }));
    expect(await upstreamOf(service, managed).page(accountTarget, query)).toMatchObject({ value: { items: [1] } });
    expect(service.seen).toHaveLength(2);
  });

  test('does not take what is no token for a cursor', async () => {
    const service = await keeping(json(200, { results: [] }));
    await expect(upstreamOf(service, managed).page(accountTarget, query, '7')).rejects.toThrow();
    expect(service.seen).toHaveLength(0);
  });
});
