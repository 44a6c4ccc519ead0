import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually, KEYS, readSeen, startTestHost, temporaryFolder } from './support.ts';

const HOUR = 3_600_000;
const run = (url: string, name: string) =>
  fetch(`${url}/admin/functions/${name}`, {
    method: 'POST',
    headers: { 'x-functions-key': KEYS.master, 'content-type': 'application/json' },
    body: '{}',
  });

it('a timer runs at start when it asks for that, and a first status says that it never ran', async () => {
  await using folder = await temporaryFolder();
  await using _host = await startTestHost('streamed/timers.ts', folder.path);
  const entry = await eventually(() => readSeen(join(folder.path, 'seen'), 'eager')[0]);
  expect(entry.timer).toMatchObject({
    isPastDue: false,
    schedule: { adjustForDST: true },
    scheduleStatus: { last: '0001-01-01T00:00:00+00:00', next: expect.stringMatching(/-01-01T00:00:00/) },
  });
});

it('a schedule of less than a minute comes with no status, again and again', async () => {
  await using folder = await temporaryFolder();
  await using _host = await startTestHost('streamed/timers.ts', folder.path);
  const entries = await eventually(() => {
    const all = readSeen(join(folder.path, 'seen'), 'often');
    return all.length >= 2 && all;
  });
  expect(entries[0]?.timer).toMatchObject({ isPastDue: false, scheduleStatus: null });
});

it('a run that was missed while the host was down is caught up once, and is known afterwards', async () => {
  await using folder = await temporaryFolder();
  const statusFile = join(folder.path, 'data', 'timers', 'hourly.json');
  const last = new Date(Date.now() - 5 * HOUR).toISOString();
  await mkdir(join(statusFile, '..'), { recursive: true });
  await writeFile(statusFile, JSON.stringify({ last, next: last, lastUpdated: last }));
  await using host = await startTestHost('streamed/timers.ts', folder.path);
  const entry = await eventually(() => readSeen(join(folder.path, 'seen'), 'hourly')[0]);
  expect(entry.timer).toMatchObject({ isPastDue: true, scheduleStatus: { last: last.replace('Z', '+00:00') } });
  const stored = await eventually(async () => {
    const text = await readFile(statusFile, 'utf8');
    return !text.includes(last) && text;
  });
  await host.stop();

  await using again = await startTestHost('streamed/timers.ts', folder.path);
  await eventually(() => readSeen(join(folder.path, 'seen'), 'eager')[1]);
  await again.stop();
  expect(readSeen(join(folder.path, 'seen'), 'hourly')).toHaveLength(1);
  expect(await readFile(statusFile, 'utf8')).toBe(stored);
});

it('a timer is run by hand with the master key, without a change of its status', async () => {
  await using folder = await temporaryFolder();
  await using host = await startTestHost('streamed/timers.ts', folder.path);
  const statusFile = join(folder.path, 'data', 'timers', 'hourly.json');
  const before = await readFile(statusFile, 'utf8');
  expect((await run(host.url, 'HOURLY')).status).toBe(202);
  const entry = await eventually(() => readSeen(join(folder.path, 'seen'), 'hourly')[0]);
  expect(entry.timer).toMatchObject({ isPastDue: false });
  expect(await readFile(statusFile, 'utf8')).toBe(before);
});
