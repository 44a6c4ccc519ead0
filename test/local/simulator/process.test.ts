import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { fetchReply, found } from './running.ts';

const program = fileURLToPath(new URL('../../../local/simulator/process.ts', import.meta.url));
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
  }
});

async function startProcess(options: object): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url: z
      .string()
      .regex(/^ready http:\/\/127\.0\.0\.1:\d+$/)
      .parse(line)
      .slice('ready '.length),
    child,
  };
}

const aboutSchema = z.object({
  identity: z.object({ endpoint: z.url(), header: z.string() }),
  resources: z.array(z.object({ host: z.string(), keys: z.tuple([z.string(), z.string()]) })),
});
const snapshotSchema = z.object({
  resources: z.array(
    z.object({ projects: z.array(z.object({ id: z.string(), images: z.number(), digest: z.string() })) }),
  ),
});

test('another process can look at the simulator and steer it', async () => {
  const { url, child } = await startProcess({ world: { resources: [{ projects: 1 }] }, rateLimit: false });
  const control = async (path: string, method = 'GET', body?: object) => {
    const headers = { 'X-Forwarded-Host': 'simulator.local' };
    return fetchReply(`${url}/_simulator${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const about = aboutSchema.parse((await control('')).json);
  const { host, keys } = found(about.resources[0]);
  const projectOf = async () =>
    found(snapshotSchema.parse((await control('/snapshot')).json).resources[0]?.projects[0]);
  const before = await projectOf();
  expect((await control('/world', 'POST', { change: 'addImages', projectId: before.id, count: 2 })).status).toBe(200);
  expect((await projectOf()).images).toBe(before.images + 2);
  expect((await control('/faults', 'POST', { fault: { kind: 'status', status: 503 }, times: 1 })).status).toBe(200);
  const headers = { 'X-Forwarded-Host': host, 'Training-Key': keys[0] };
  const ask = async () => (await fetchReply(`${url}/customvision/v3.0/training/projects`, { headers })).status;
  expect([await ask(), await ask()]).toEqual([503, 200]);
  expect((await control('/calls?since=1')).json).toMatchObject({
    total: 2,
    calls: [{ sequence: 2, operation: 'GetProjects', status: 200 }],
  });
  expect((await control('/calls', 'DELETE')).status).toBe(204);
  expect((await control('/faults', 'DELETE')).status).toBe(204);
  expect((await control('/calls')).json).toEqual({ total: 2, calls: [] });
  expect((await control('/world', 'POST', { change: 'train', projectId: 'nobody' })).status).toBe(400);
  expect((await control('/nothing')).status).toBe(404);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
