import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { startAzurite } from '../../../local/host/azurite.ts';
import { eventually, isAlive, temporaryFolder } from './support.ts';

const container = (connectionString: string) =>
  BlobServiceClient.fromConnectionString(connectionString).getContainerClient('kept');

it('data survives a restart, on the same ports when they are asked for', async () => {
  await using folder = await temporaryFolder();
  const first = await startAzurite({ dataDirectory: folder.path });
  await container(first.connectionString).create();
  await container(first.connectionString).uploadBlockBlob('a', 'text', 4, { tags: { state: 'open' } });
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);

  const second = await startAzurite({ dataDirectory: folder.path, ports: first.ports });
  try {
    expect(second.connectionString).toBe(first.connectionString);
    const blob = container(second.connectionString).getBlobClient('a');
    expect((await blob.downloadToBuffer()).toString()).toBe('text');
    expect((await blob.getTags()).tags).toEqual({ state: 'open' });
  } finally {
    await second.stop();
  }
});

it('says why when a fixed port is taken', async () => {
  await using folder = await temporaryFolder();
  const first = await startAzurite({ dataDirectory: join(folder.path, 'first') });
  try {
    const second = startAzurite({ dataDirectory: join(folder.path, 'second'), ports: first.ports });
    await expect(second).rejects.toThrow('EADDRINUSE');
  } finally {
    await first.stop();
  }
});

it('ends in good order when the process that started it is killed, and starts again on its data', async () => {
  await using folder = await temporaryFolder();
  const source = new URL('../../../local/host/azurite.ts', import.meta.url).href;
  const script = join(folder.path, 'start.ts');
  const data = join(folder.path, 'azurite');
  await writeFile(
    script,
    `import { startAzurite } from ${JSON.stringify(source)};
const { pid, connectionString } = await startAzurite({ dataDirectory: ${JSON.stringify(data)} });
console.log(JSON.stringify({ pid, connectionString }));`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line = ''] = await Promise.race([
    createInterface({ input: parent.stdout })[Symbol.asyncIterator]().next(),
  ]).then(({ value }) => [String(value)]);
  const { pid, connectionString }: { pid: number; connectionString: string } = JSON.parse(line);
  await container(connectionString).create();
  parent.kill('SIGKILL');
  // At once: this one waits until the other has written its data down.
  const again = await startAzurite({ dataDirectory: data });
  try {
    expect(await eventually(() => !isAlive(pid))).toBe(true);
    expect(await container(again.connectionString).exists()).toBe(true);
  } finally {
    await again.stop();
  }
});
