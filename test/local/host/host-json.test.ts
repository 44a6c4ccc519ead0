import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readHostJson, timeSpan } from '../../../local/host/host-json.ts';
import { resolveSettings } from '../../../local/host/settings.ts';
import { temporaryFolder } from './support.ts';

async function read(content: unknown) {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'host.json'), JSON.stringify(content));
  return await readHostJson(folder.path);
}

it('a host.json with nothing but its version has the defaults of the genuine host', async () => {
  const { extensions, functionTimeout } = await read({ version: '2.0' });
  expect(functionTimeout).toBe(1_800_000);
  expect(extensions.http.routePrefix).toBe('api');
  expect(extensions.queues).toEqual({
    batchSize: 16,
    newBatchThreshold: 8 * availableParallelism(),
    maxDequeueCount: 5,
    visibilityTimeout: 0,
    maxPollingInterval: 60_000,
    messageEncoding: 'base64',
  });
});

it('a value that the genuine host refuses is named', async () => {
  const wrong = { version: '2.0', extensions: { queues: { batchSize: 33 } } };
  await expect(read(wrong)).rejects.toThrow('batchSize');
});

it.each([
  ['00:00:30', 30_000],
  ['01:02:03', 3_723_000],
  ['1.00:00:00', 86_400_000],
  ['00:00:00.5', 500],
  ['2.00:00:01.25', 172_801_250],
])('the time span %s is %i ms', (text, milliseconds) => {
  expect(timeSpan.parse(text)).toBe(milliseconds);
});

it('settings between percent signs are replaced, and a missing one is named', () => {
  expect(resolveSettings('a-%X%-%Y%', { X: '1', Y: '2' })).toBe('a-1-2');
  expect(() => resolveSettings('%Z%', {})).toThrow("'%Z%' does not resolve");
});
