import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { startAzurite } from '../../../local/host/azurite.ts';
import { eventually, isAlive, readSeen, temporaryFolder, testOptions } from './support.ts';

const program = fileURLToPath(new URL('../../../local/host/process.ts', import.meta.url));

interface HostProcess extends AsyncDisposable {
  readonly output: readonly string[];
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts the host as a process of its own and awaits its line. */
async function startProcess(optionsFile: string): Promise<HostProcess> {
  const child = spawn(process.execPath, [program, optionsFile], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      output.push(line);
      const [, url] = /^ready (http:\S+)$/.exec(line) ?? [];
      if (url) resolve(url);
    });
  }
  child.once('exit', () => reject(new Error(`The host ended before it was ready:\n${output.join('\n')}`)));
  return { child, output, url: await promise, [Symbol.asyncDispose]: () => end(child, 'SIGKILL') };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

it('a message that a killed host held comes back after its lease, and the workers are gone', async () => {
  await using folder = await temporaryFolder();
  const azurite = await startAzurite({ dataDirectory: join(folder.path, 'azurite') });
  const { log: _, ...options } = testOptions('streamed/queues.ts', folder.path, {
    messageLeaseSeconds: 3,
    settings: { AzureWebJobsStorage: azurite.connectionString },
  });
  const optionsFile = join(folder.path, 'options.json');
  await writeFile(optionsFile, JSON.stringify(options));
  const seenFile = join(folder.path, 'seen');
  await using first = await startProcess(optionsFile);
  try {
    const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('long');
    await queue.sendMessage(Buffer.from('{"id":"1"}').toString('base64'));
    const begun = await eventually(() => readSeen(seenFile, 'long')[0]);
    await end(first.child, 'SIGKILL');
    expect(await eventually(() => !isAlive(begun.pid))).toBe(true);
    expect(readSeen(seenFile, 'long')).toHaveLength(1);

    await using second = await startProcess(optionsFile);
    await eventually(() => readSeen(seenFile, 'long').find(({ state }) => state === 'done'));
    await eventually(async () => (await queue.getProperties()).approximateMessagesCount === 0);
    await end(second.child, 'SIGTERM');
    expect(second.child.exitCode).toBe(0);
  } finally {
    await azurite.stop();
  }
});

it('Ctrl-C, which reaches the workers as well, ends all in good order', async () => {
  await using folder = await temporaryFolder();
  const { log: _, ...options } = testOptions('streamed/http.ts', folder.path);
  const optionsFile = join(folder.path, 'options.json');
  await writeFile(optionsFile, JSON.stringify(options));
  await using host = await startProcess(optionsFile);
  const { pid } = z.object({ pid: z.number() }).parse(await (await fetch(`${host.url}/api/echo/a`)).json());
  const ended = once(host.child, 'exit');
  // A negative id is the whole process group, as a terminal does it.
  process.kill(-(host.child.pid ?? Number.NaN), 'SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(await eventually(() => !isAlive(pid))).toBe(true);
  expect(host.output.filter((line) => line.includes('starting another'))).toEqual([]);
});

it('an orchestration that a killed host held goes on where it was', async () => {
  await using folder = await temporaryFolder();
  const { log: _, ...options } = testOptions('durable/main.ts', folder.path);
  const optionsFile = join(folder.path, 'options.json');
  await writeFile(optionsFile, JSON.stringify(options));
  await using first = await startProcess(optionsFile);
  await fetch(`${first.url}/api/start/approval/kept`, { method: 'POST', body: '{}' });
  await eventually(async () => (await statusOf(first.url)).customStatus === 'waiting');
  await end(first.child, 'SIGKILL');

  await using second = await startProcess(optionsFile);
  await fetch(`${second.url}/api/decide/kept`, { method: 'POST', body: '"yes"' });
  const last = await eventually(async () => {
    const status = await statusOf(second.url);
    return status.runtimeStatus === 'Completed' && status;
  });
  expect(last.output).toEqual({ said: 'yes' });
  await end(second.child, 'SIGTERM');
  expect(second.child.exitCode).toBe(0);
});

it.each([1, 2, 3])(
  'an orchestration whose host dies in step %i does that step again and no other',
  async (dieInStep) => {
    await using folder = await temporaryFolder();
    const { log: _, ...options } = testOptions('durable/main.ts', folder.path);
    const optionsFile = join(folder.path, 'options.json');
    await writeFile(optionsFile, JSON.stringify(options));
    await using first = await startProcess(optionsFile);
    const died = once(first.child, 'exit');
    const order = { instance: 'kept', dieInStep, who: 'host' };
    await fetch(`${first.url}/api/start/steps/kept`, { method: 'POST', body: JSON.stringify(order) }).catch(
      () => undefined,
    );
    await died;

    await using second = await startProcess(optionsFile);
    const last = await eventually(async () => {
      const status = await statusOf(second.url);
      return status.runtimeStatus === 'Completed' && status;
    });
    expect(last.output).toEqual([10, 20, 30]);
    const steps = readSeen(join(folder.path, 'seen'), 'step').map(({ step }) => step);
    expect(steps).toEqual([1, 2, 3].flatMap((step) => (step === dieInStep ? [step, step] : [step])));
  },
);

const durableStatus = z.looseObject({ runtimeStatus: z.string(), customStatus: z.unknown(), output: z.unknown() });

async function statusOf(url: string) {
  return durableStatus.parse(await (await fetch(`${url}/api/status/kept`)).json());
}
