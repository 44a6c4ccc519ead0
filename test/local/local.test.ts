import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type PortalClient, portalClient } from '../../local/portal-client.ts';
import type { State } from '../../src/lib/domain/lifecycle.ts';
import { startChecked } from './simulator/checked.ts';

const program = join(import.meta.dirname, '../../local/local.ts');
const keysSchema = z.object({ portal: z.string(), officer: z.string() });
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-local-'));
});
afterAll(async () => {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.map((child) => once(child, 'exit')));
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

interface Local {
  readonly child: ChildProcess;
  readonly portal: PortalClient;
  readonly officer: PortalClient;
}

async function startLocal(data: string, words: readonly string[], environment: object = {}): Promise<Local> {
  const child = spawn(process.execPath, [program, '--data', data, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('ready ')) continue;
    const keys = keysSchema.parse(JSON.parse(await readFile(join(data, 'keys.json'), 'utf8')));
    const client = (key: string) => portalClient({ url: line.slice('ready '.length), key });
    return { child, portal: client(keys.portal), officer: client(keys.officer) };
  }
  throw new Error('It ended before it was ready.');
}

async function reached(portal: PortalClient, requestId: string, state: State): Promise<void> {
  while ((await portal.request(requestId)).state !== state) await pause(100);
}

const everything = { subject: { reference: 'r-1' }, targets: 'all', scope: 'target' } as const;

describe('npm run local', () => {
  it('goes on after it was killed, with the same keys, requests and upstream, and ends on Ctrl-C', async () => {
    const data = join(folder, 'killed');
    const first = await startLocal(data, ['--workers', '2']);
    const { requestId } = await first.portal.submit({ action: 'delete', families: ['cv-tags'], ...everything });
    await reached(first.portal, requestId, 'awaiting-decision');
    const { hash } = await first.portal.plan(requestId);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await startLocal(data, []);
    await second.officer.decide(requestId, { decision: 'approve', planHash: hash });
    await reached(second.portal, requestId, 'completed');
    expect((await second.portal.receipt(requestId)).totals).toMatchObject({ found: 9, erased: 9 });
    second.child.kill('SIGINT');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  }, 240_000);

  it('works on other upstream services, with the targets of a file and the keys of the environment', async () => {
    const simulator = await startChecked({ world: { resources: [{ name: 'other', host: 'other.example' }] } });
    const file = join(folder, 'targets.json');
    const signIn = { kind: 'key', setting: 'OTHER_KEY' };
    const target = { kind: 'custom-vision', name: 'other', endpoint: 'https://other.example', signIn };
    await writeFile(file, JSON.stringify({ targets: [target] }));
    const words = ['--upstream', simulator.url, '--targets', file];
    const key = simulator.world.resources[0]?.keys[0] ?? '';
    const { portal } = await startLocal(join(folder, 'other'), words, { OTHER_KEY: key });
    const { requestId } = await portal.submit({ action: 'export', families: ['cv-tags'], ...everything });
    await reached(portal, requestId, 'completed');
    expect((await portal.request(requestId)).totals).toMatchObject({ found: 3, saved: 3 });
    await simulator.stop();
  }, 240_000);

  it('ends with the app’s own message, and is never ready, where the app could not take its settings', async () => {
    const file = join(folder, 'wrong.json');
    const target = { kind: 'custom-vision', name: 'wrong', endpoint: 'no address', signIn: { kind: 'entra' } };
    await writeFile(file, JSON.stringify({ targets: [target] }));
    const words = ['--data', join(folder, 'wrong'), '--targets', file, '--upstream', 'http://example.org'];
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(said).toMatch(/TARGETS: .*\n- UPSTREAM_GATEWAY: /);
  }, 120_000);

  it('ends on Ctrl-C before it is ready', async () => {
    const data = join(folder, 'early');
    const child = spawn(process.execPath, [program, '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const out = text(child.stdout);
    while (!existsSync(join(data, 'keys.json'))) await pause(20);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await out).toBe('');
  }, 120_000);
});
