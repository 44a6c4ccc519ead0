import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startHost } from '../../../local/host/host.ts';
import { buildApp } from '../../../scripts/build-app.ts';
import { appFile, appFolder, eventually, isAlive, startTestHost, temporaryFolder, testOptions } from './support.ts';

describe('workers', () => {
  it('are as many as asked for, share the requests, and a dead one is replaced', async () => {
    await using folder = await temporaryFolder();
    await using host = await startTestHost('streamed/http.ts', folder.path, { workers: 2 });
    const [first = 0, second = 0] = host.workerPids();
    const slow = await fetch(`${host.url}/api/slow`);
    const answers = await Promise.all(['a', 'b'].map((kind) => fetch(`${host.url}/api/echo/${kind}`)));
    const answered = z.looseObject({ pid: z.number() });
    for (const answer of answers) expect([first, second]).toContain(answered.parse(await answer.json()).pid);

    process.kill(second, 'SIGKILL');
    const pids = await eventually(() => {
      const now = host.workerPids();
      return !now.includes(second) && now.length === 2 && now;
    });
    expect(pids).toContain(first);
    await slow.body?.cancel();
    await host.stop();
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('load the bundle that is deployed', async () => {
    await using folder = await temporaryFolder();
    const outputFolder = join(folder.path, 'dist');
    const entryPoint = appFile('durable/main.ts');
    await buildApp({ root: join(appFolder(''), '../../../..'), outputFolder, entryPoint });
    const { entry: _unbuilt, ...options } = testOptions('durable/main.ts', folder.path, { appRoot: outputFolder });
    const host = await startHost(options);
    try {
      const answer = await fetch(`${host.url}/api/start/approval/bundled`, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(202);
    } finally {
      await host.stop();
    }
  });

  it('that run a function for longer than functionTimeout are killed', async () => {
    await using folder = await temporaryFolder();
    await using host = await startTestHost('timeout/hang.ts', folder.path);
    const before = await (await fetch(`${host.url}/ping`)).json();
    expect((await fetch(`${host.url}/hang`)).status).toBe(500);
    expect(await (await fetch(`${host.url}/ping`)).json()).not.toBe(before);
  });
});

describe('a start fails and leaves nothing behind', () => {
  it.each([
    ['when the app throws while it is loaded', 'broken/throws.ts', {}, 'a setting is missing: SOMETHING'],
    ['when two functions have one name', 'broken/duplicate.ts', {}, '"same" is registered already'],
    ['when a binding is not supported', 'broken/blob.ts', {}, 'onBlob: in blobTrigger'],
    ['when a setting in a schedule is missing', 'streamed/timers.ts', { HOURLY: '' }, 'NCRONTAB'],
    ['when the storage connection is missing', 'streamed/queues.ts', {}, 'No app setting "AzureWebJobsStorage"'],
  ])('%s', async (_, entry, settings, message) => {
    await using folder = await temporaryFolder();
    await expect(startTestHost(entry, folder.path, { settings })).rejects.toThrow(message);
  });

  it('when package.json names no file that is there', async () => {
    await using folder = await temporaryFolder();
    const { entry: _none, ...options } = testOptions('buffered/http.ts', folder.path);
    await expect(startHost(options)).rejects.toThrow('package.json');
  });
});
