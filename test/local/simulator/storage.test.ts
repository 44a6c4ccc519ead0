import { expect, test } from 'vitest';
import { z } from 'zod';
import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import { ask, firstProject, found, open, start } from './running.ts';

const imagesSchema = z.array(z.object({ id: z.string(), originalImageUri: z.string(), thumbnailUri: z.string() }));
const exportsSchema = z.array(z.object({ downloadUri: z.string() }));

async function firstImage(simulator: RunningSimulator) {
  const { json } = await ask(simulator, `/projects/${firstProject(simulator).id}/images/tagged`);
  return found(imagesSchema.parse(json)[0]);
}

test('a link gives the image as often as wanted, the same bytes each time', async () => {
  const simulator = await start({ world: { project: { imageBytes: 150_000 } } });
  const { originalImageUri, thumbnailUri } = await firstImage(simulator);
  const [first, second] = await Promise.all([open(simulator, originalImageUri), open(simulator, originalImageUri)]);
  expect(first.headers.get('content-length')).toBe('150000');
  const bytes = Buffer.from(await first.arrayBuffer());
  expect(bytes.equals(Buffer.from(await second.arrayBuffer()))).toBe(true);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  const thumbnail = await open(simulator, thumbnailUri);
  expect((await thumbnail.arrayBuffer()).byteLength).toBeLessThan(2_000);
});

test.each([
  ['Training-Key', 'a key'],
  ['Authorization', 'Bearer token'],
])('a link refuses a request that carries %s', async (header, value) => {
  const simulator = await start();
  const { originalImageUri } = await firstImage(simulator);
  const reply = await open(simulator, originalImageUri, { [header]: value });
  expect(reply.status).toBe(403);
  expect(await reply.text()).toContain('<Code>AuthenticationFailed</Code>');
});

test('links expire: of images after a day, of exported models at midnight; a changed one is refused', async () => {
  let now = Date.UTC(2026, 4, 4, 18);
  const simulator = await start({ now: () => now });
  const { originalImageUri } = await firstImage(simulator);
  const [iteration] = firstProject(simulator).iterations.keys();
  const { json } = await ask(simulator, `/projects/${firstProject(simulator).id}/iterations/${iteration}/export`);
  const { downloadUri } = found(exportsSchema.parse(json)[0]);
  const statuses = async () => [
    (await open(simulator, originalImageUri)).status,
    (await open(simulator, downloadUri)).status,
  ];
  expect(await statuses()).toEqual([200, 200]);
  expect((await open(simulator, originalImageUri.replace('se=2026', 'se=2027'))).status).toBe(403);
  now += 6 * 3_600_000;
  expect(await statuses()).toEqual([200, 403]);
  now += 18 * 3_600_000;
  expect(await statuses()).toEqual([403, 403]);
});

test('ranges are served, If-Range guards them, and one beyond the end is refused', async () => {
  const simulator = await start({ world: { project: { imageBytes: 5_000 } } });
  const { originalImageUri } = await firstImage(simulator);
  const whole = await open(simulator, originalImageUri);
  const bytes = Buffer.from(await whole.arrayBuffer());
  const etag = found(whole.headers.get('etag') ?? undefined);
  const part = await open(simulator, originalImageUri, { Range: 'bytes=100-199', 'If-Range': etag });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/5000']);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
  const other = await open(simulator, originalImageUri, { Range: 'bytes=100-', 'If-Range': '"another"' });
  expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, 5_000]);
  const beyond = await open(simulator, originalImageUri, { Range: 'bytes=5000-' });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */5000']);
});

test('an image that nothing holds any longer is gone from storage, and storage can only be read', async () => {
  const simulator = await start({ world: { project: { iterations: { published: 0, trained: 0 } } } });
  const { id, originalImageUri } = await firstImage(simulator);
  const { host, pathname, search } = new URL(originalImageUri);
  const deletion = await fetch(simulator.url + pathname + search, {
    method: 'DELETE',
    headers: { 'X-Forwarded-Host': host },
  });
  expect(deletion.status).toBe(405);
  await ask(simulator, `/projects/${firstProject(simulator).id}/images?imageIds=${id}`, { method: 'DELETE' });
  expect((await open(simulator, originalImageUri)).status).toBe(404);
});
