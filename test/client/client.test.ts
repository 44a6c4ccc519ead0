import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from '../../client/client.ts';
import { ApiRefusal } from '../../client/refusal.ts';
import { HOLD_ID, PLAN_HASH, REQUEST_ID } from '../../src/lib/api/examples.ts';
import { ROUTES } from '../../src/lib/api/routes.ts';

interface Seen extends Pick<IncomingMessage, 'method' | 'url' | 'headers'> {
  readonly body: string;
}
let server: Server;
let url = '';
let seen: Seen[] = [];
let reply = { status: 200, type: 'application/json', body: '{}' };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { method, url: path, headers } = request;
    seen.push({ method, url: path, headers, body: await text(request) });
    response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => server.close());

const answers = (status: number, value: unknown, type = 'application/json'): void => {
  seen = [];
  reply = { status, type, body: JSON.stringify(value) };
};
const api = () => apiClient({ url, key: 'the-key', token: async () => 'a.b.c' });

describe('The client of the HTTP API', () => {
  it('sends what the document says, with key and token, and gives the answer back as it is described', async () => {
    const { example } = ROUTES.submitRequest.answer;
    answers(202, example);
    const body = ROUTES.submitRequest.body.examples['export of everything'];
    const accepted = await api().call('submitRequest', { body, headers: { 'Idempotency-Key': 'case-1' } });
    expect(accepted).toEqual(example);
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/requests',
        headers: {
          'x-functions-key': 'the-key',
          authorization: 'Bearer a.b.c',
          'content-type': 'application/json',
          'idempotency-key': 'case-1',
        },
        body: JSON.stringify(body),
      },
    ]);
  });

  it('writes parts and query so that they stay what they are', async () => {
    answers(200, ROUTES.liftHold.answer.example);
    await api().call('liftHold', { parts: { holdId: '../requests/x?y' }, body: { reason: 'settled' } });
    answers(200, { requests: [] });
    await api().call('listRequests', { query: { state: 'failed', limit: 7 } });
    await api().call('listRequests');
    expect(seen.map((one) => one.url)).toEqual(['/api/requests?state=failed&limit=7', '/api/requests']);
    answers(200, ROUTES.liftHold.answer.example);
    await api().call('liftHold', { parts: { holdId: `${HOLD_ID}/../x` }, body: { reason: 'settled' } });
    expect(seen).toMatchObject([{ method: 'DELETE', url: `/api/holds/${HOLD_ID}%2F..%2Fx` }]);
  });

  it('throws a refusal with its problem, or with its status where there is none', async () => {
    const parts = { id: REQUEST_ID };
    const problem = { type: '/problems/own-request', title: 'Who asked can not decide.', status: 403 };
    answers(403, problem, 'application/problem+json');
    const decided = api().call('decideRequest', { parts, body: { decision: 'approve', planHash: PLAN_HASH } });
    await expect(decided).rejects.toMatchObject({ status: 403, problem });
    reply = { status: 401, type: 'text/plain', body: '' };
    const refused = await api()
      .call('getRequest', { parts })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiRefusal);
    expect(refused).toMatchObject({ status: 401, problem: undefined });
  });

  it('throws for an answer that is not as described', async () => {
    answers(200, { state: 'somewhere' });
    await expect(api().call('getRequest', { parts: { id: REQUEST_ID } })).rejects.toThrow(/state/);
  });

  it('opens bytes as they come, in the media type that is asked for', async () => {
    answers(200, 'x', 'application/jose');
    const answer = await api().open('getReceipt', 'application/jose', { parts: { id: REQUEST_ID } });
    expect(await answer.text()).toBe('"x"');
    expect(seen).toMatchObject([{ headers: { accept: 'application/jose' } }]);
  });

  it('takes its key nowhere else', async () => {
    answers(200, {});
    for (const href of [
      'https://elsewhere.example.com/api/x',
      '//elsewhere.example.com/api/x',
      '/api//x',
      '@x/api/x',
    ]) {
      await expect(api().follow(href)).rejects.toThrow('leads elsewhere');
    }
    expect(seen).toEqual([]);
    await api().follow(`/api/requests/${REQUEST_ID}/package/manifest.json`);
    expect(seen).toHaveLength(1);
  });

  it('lets nothing compile that the document does not have', () => {
    const typed = (client: ReturnType<typeof api>) => [
      // @ts-expect-error a path has its parts
      () => client.call('getRequest'),
      // @ts-expect-error an order has its body
      () => client.call('decideRequest', { parts: { id: REQUEST_ID } }),
      // @ts-expect-error there is no such state
      () => client.call('listRequests', { query: { state: 'gone' } }),
      // @ts-expect-error there is no such route
      () => client.call('forgetRequest', { parts: { id: REQUEST_ID } }),
    ];
    expect(typed(api())).toHaveLength(4);
  });
});
