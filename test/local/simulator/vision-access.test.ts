import { expect, test } from 'vitest';
import { z } from 'zod';
import { ask, fetchReply, firstResource, start } from './running.ts';

test('without a key, or with a wrong one, the gateway answers 401 as documented', async () => {
  const simulator = await start();
  for (const headers of [{}, { 'Training-Key': 'wrong' }, { Authorization: 'Bearer wrong' }]) {
    const reply = await ask(simulator, '/projects', { headers });
    expect(reply.status).toBe(401);
    expect(reply.json).toMatchObject({ error: { code: '401', message: expect.stringContaining('Access denied') } });
    expect(reply.headers.get('apim-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('two resources behind one host are told apart by their keys', async () => {
  const simulator = await start({ world: { resources: [{ projects: 1 }, { projects: 3 }] } });
  const sizes = simulator.world.resources.map(async ({ keys }) => {
    const reply = await ask(simulator, '/projects', { headers: { 'Training-Key': keys[1] } });
    return Array.isArray(reply.json) && reply.json.length;
  });
  expect(await Promise.all(sizes)).toEqual([1, 3]);
});

test('a host that no service has is told plainly and recorded', async () => {
  const simulator = await start();
  const reply = await fetchReply(`${simulator.url}/x`, { headers: { 'X-Forwarded-Host': 'elsewhere.example' } });
  expect(reply.status).toBe(502);
  expect(simulator.calls.list.at(-1)).toMatchObject({
    host: 'elsewhere.example',
    operation: '<no service>',
    status: 502,
  });
});

test('called directly, on its own address, it gives links that lead back to it', async () => {
  const simulator = await start();
  const headers = { 'Training-Key': firstResource(simulator).keys[0] };
  const [project] = firstResource(simulator).projects.keys();
  const url = `${simulator.url}/customvision/v3.3/Training/projects/${project}`;
  const { json } = await fetchReply(url, { headers });
  const { thumbnailUri } = z.object({ thumbnailUri: z.string() }).parse(json);
  expect(thumbnailUri).toMatch(new RegExp(`^http://localhost:${simulator.port}/`));
  expect((await fetch(thumbnailUri)).status).toBe(200);
});

test('ten calls a second go through for each key, the next gets 429 with Retry-After, and time heals it', async () => {
  let now = Date.UTC(2026, 0, 1);
  const simulator = await start({ rateLimit: true, now: () => now });
  const keys = firstResource(simulator).keys;
  const statusWith = async (key: string) =>
    (await ask(simulator, '/projects', { headers: { 'Training-Key': key } })).status;
  for (let call = 0; call < 10; call += 1) expect(await statusWith(keys[0])).toBe(200);
  const refused = await ask(simulator, '/projects');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(refused.json).toMatchObject({
    error: { code: '429', message: expect.stringContaining('GetProjects Operation') },
  });
  expect(await statusWith(keys[1])).toBe(200);
  now += 200;
  expect([await statusWith(keys[0]), await statusWith(keys[0]), await statusWith(keys[0])]).toEqual([200, 200, 429]);
});
