import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAzurite } from '../../../local/host/azurite.ts';
import { startTestHost, temporaryFolder } from './support.ts';

const open = new AsyncDisposableStack();
let url: string;
let connectionString: string;

beforeAll(async () => {
  const folder = open.use(await temporaryFolder());
  const azurite = await startAzurite({ dataDirectory: folder.path });
  open.defer(() => azurite.stop());
  connectionString = azurite.connectionString;
  const settings = { AzureWebJobsStorage: connectionString };
  url = open.use(await startTestHost('buffered/http.ts', folder.path, { settings })).url;
});
afterAll(() => open.disposeAsync());

describe('HTTP without streams', () => {
  it('carries method, url, headers, parameters and body both ways', async () => {
    const answer = await fetch(`${url}/api/echo/a%20b?x=1`, {
      method: 'POST',
      body: 'hello',
      headers: { 'x-functions-key': 'k' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-kind')).toBe('a b');
    expect(await answer.json()).toEqual({ url: `${url}/api/echo/a%20b?x=1`, key: 'k', body: 'hello' });
  });

  it('carries bytes untouched', async () => {
    const answer = await fetch(`${url}/api/bytes`, { method: 'POST', body: Buffer.from([0, 255, 128]) });
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([128, 255, 0]);
  });

  it('answers 204 when the function returns nothing', async () => {
    expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
  });

  it.each(['throws', 'dies'])('answers 500 without a body when the function %s', async (name) => {
    const answer = await fetch(`${url}/api/${name}`);
    expect([answer.status, await answer.text()]).toEqual([500, '']);
  });

  it('sets cookies', async () => {
    expect((await fetch(`${url}/api/cookies`)).headers.getSetCookie()).toEqual([
      'one=a%20b; Max-Age=60; Path=/; HttpOnly; SameSite=Strict',
    ]);
  });

  it('stores what the function put into a queue output', async () => {
    expect((await fetch(`${url}/api/queue`)).status).toBe(202);
    const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient('from-http');
    const [message] = (await queue.receiveMessages()).receivedMessageItems;
    expect(Buffer.from(message?.messageText ?? '', 'base64').toString()).toBe('{\n  "from": "http"\n}');
  });
});
