import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningHub, useBench } from './support.ts';

const bench = useBench();
const prefix = '/runtime/webhooks/durabletask';
let hub: RunningHub;
let server: Server;
let client: df.DurableClient;

/** The host's part: the system key, the prefix, the body. */
function serve(): Server {
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.searchParams.get('code') !== 'system-key' || !url.pathname.startsWith(prefix)) {
      response.writeHead(401).end();
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const path = url.pathname.slice(prefix.length);
    const method = request.method ?? 'GET';
    const answer = await hub.hub.handleHttp({
      method,
      path,
      query: url.searchParams,
      headers,
      body: await text(request),
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
}

beforeAll(async () => {
  vi.stubEnv('WEBSITE_HOSTNAME', 'localhost:7071');
  hub = bench.open();
  server = serve();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const binding = df.input.durableClient();
  const context = new InvocationContext({ options: { extraInputs: [binding] } });
  context.extraInputs.set(binding, JSON.parse(hub.hub.clientBinding(`http://127.0.0.1:${port}`)));
  client = df.getClient(context);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  vi.unstubAllEnvs();
});

const end = (id: string) => hub.ended(id);

describe('the genuine client', () => {
  it('starts, finds and awaits an instance', async () => {
    const id = await client.startNew('chain', { instanceId: 'c1', input: { order: 1 } });
    expect(id).toBe('c1');
    await end(id);
    const status = await client.getStatus(id, { showHistory: true });
    expect(status).toMatchObject({ name: 'chain', runtimeStatus: 'Completed', input: { order: 1 } });
    expect(status.createdTime).toBeInstanceOf(Date);
  });

  it('starts under an id of the hub’s making when it gives none', async () => {
    const id = await client.startNew('chain');
    expect((await end(id)).runtimeStatus).toBe('Completed');
  });

  it('is refused when the instance runs', async () => {
    await client.startNew('status', { instanceId: 'c2' });
    await hub.until('c2', ({ runtimeStatus }) => runtimeStatus === 'Running');
    await expect(client.startNew('status', { instanceId: 'c2' })).rejects.toThrow(/already exists/);
    await client.terminate('c2', 'not needed');
    expect(await end('c2')).toMatchObject({ runtimeStatus: 'Terminated', output: 'not needed' });
  });

  it('raises events, swallows 410 and throws on 404', async () => {
    await client.startNew('collect', { instanceId: 'c3', input: { count: 2 } });
    await client.raiseEvent('c3', 'item', { n: 1 });
    await client.raiseEvent('c3', 'item', 'text');
    expect((await end('c3')).output).toEqual([{ n: 1 }, 'text']);
    await expect(client.raiseEvent('c3', 'item', 3)).resolves.toBeUndefined();
    await expect(client.raiseEvent('nobody', 'item', 3)).rejects.toThrow(/No instance with ID 'nobody' found/);
  });

  it('suspends and resumes', async () => {
    await client.startNew('status', { instanceId: 'c4' });
    await client.suspend('c4', 'a reason');
    await hub.until('c4', ({ runtimeStatus }) => runtimeStatus === 'Suspended');
    await client.resume('c4', 'another');
    await client.raiseEvent('c4', 'go', null);
    expect((await end('c4')).output).toBe('done');
  });

  it('lists every page of instances', async () => {
    const ids = Array.from({ length: 105 }, (_, n) => `page-${n}`);
    for (const id of ids) await hub.start('status', id);
    const all = await client.getStatusAll();
    expect(all.map(({ instanceId }) => instanceId)).toEqual(expect.arrayContaining(ids));
    const ended = await client.getStatusBy({ runtimeStatus: [df.OrchestrationRuntimeStatus.Terminated] });
    expect(ended.map(({ instanceId }) => instanceId)).toEqual(['c2']);
  });

  it('purges one instance, and many by filter', async () => {
    expect(await client.purgeInstanceHistory('c1')).toEqual({ instancesDeleted: 1 });
    expect(await client.purgeInstanceHistory('c1')).toEqual({ instancesDeleted: 0 });
    await expect(client.getStatus('c1')).rejects.toThrow(/404/);
    const filter = { createdTimeFrom: new Date(0), runtimeStatus: [df.OrchestrationRuntimeStatus.Terminated] };
    expect(await client.purgeInstanceHistoryBy(filter)).toEqual({ instancesDeleted: 1 });
  });

  it('makes links that lead to the instance', async () => {
    await client.startNew('chain', { instanceId: 'c5' });
    await end('c5');
    const { statusQueryGetUri } = client.createHttpManagementPayload('c5');
    const answer = await fetch(statusQueryGetUri);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ instanceId: 'c5', runtimeStatus: 'Completed' });
  });
});
