import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { volumeName } from '../../../src/lib/domain/edition.ts';
import { mintRequestId, SEAL_TASK } from '../../../src/lib/domain/ids.ts';
import type { Plan, TaskList } from '../../../src/lib/domain/plan.ts';
import { documentStore } from '../../../src/lib/store/documents.ts';
import { useAzurite } from './support/azurite.ts';
import { faultyStorage } from './support/faulty-storage.ts';

const account = useAzurite();
const documents = () => documentStore(account.storage);
const chunksOf = (opened: { chunks: AsyncIterable<Buffer> } | undefined) => opened?.chunks ?? Readable.from([]);
const plan: Plan = { v: 1, revision: 1, action: 'delete', dryRun: false, tasks: [], byHand: [], hash: 'a' };

describe('documents of a request', () => {
  it('are there once or replaced, as the writer says', async () => {
    const requestId = mintRequestId();
    const schema = z.object({ n: z.number() });
    const document = { requestId, name: 'manifest.json' } as const;
    expect(await documents().read(document, schema)).toBeUndefined();
    expect(await documents().write(document, { n: 1 }, 'once')).toBe('written');
    expect(await documents().write(document, { n: 2 }, 'once')).toBe('exists');
    expect(await documents().read(document, schema)).toEqual({ n: 1 });
    expect(await documents().write(document, { n: 3 }, 'replace')).toBe('written');
    expect(await documents().read(document, schema)).toEqual({ n: 3 });
    await expect(documents().read(document, z.string())).rejects.toMatchObject({ name: 'UnreadableBlob' });
  });

  it('include the latest plan, the first tasks of each revision, the latest receipt', async () => {
    const requestId = mintRequestId();
    await documents().writePlan(requestId, plan);
    await documents().writePlan(requestId, { ...plan, revision: 2 });
    expect((await documents().readPlan(requestId))?.revision).toBe(2);
    const tasks: TaskList = { v: 1, revision: 1, tasks: [] };
    expect(await documents().readTasks(requestId, 1)).toBeUndefined();
    await documents().writeTasks(requestId, tasks);
    await documents().writeTasks(requestId, {
      ...tasks,
      tasks: [{ taskId: SEAL_TASK, family: 'f', target: 't', stage: 0, way: 'call' }],
    });
    expect(await documents().readTasks(requestId, 1)).toEqual(tasks);
    expect(await documents().readTasks(requestId, 2)).toBeUndefined();
  });
});

describe('volumes of a package', () => {
  it('are listed in order with size and digest, and a second attempt gets the facts of the first', async () => {
    const requestId = mintRequestId();
    const save = (number: number, content: string) =>
      documents().save(
        { requestId, name: volumeName(1, number) },
        Readable.from([Buffer.from(content)]),
        'application/zip',
      );
    const second = await save(2, 'two');
    const first = await save(1, 'one');
    expect(await save(1, 'one')).toEqual(first);
    expect(first).toEqual({
      name: 'package-001.zip',
      bytes: 3,
      sha256: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
    });
    expect(await documents().listVolumes(requestId, 1)).toEqual([first, second]);
    expect(await documents().listVolumes(mintRequestId(), 1)).toEqual([]);
  });

  it('open whole or by range, and say how large they are', async () => {
    const document = { requestId: mintRequestId(), name: volumeName(1, 1) };
    const size = 20 * 1024 * 1024;
    const content = Buffer.alloc(size, 'abcdefg');
    await documents().save(document, [content], 'application/zip');
    const whole = await documents().open(document);
    expect(whole).toMatchObject({ bytes: size, total: size, contentType: 'application/zip' });
    expect(content.equals(await buffer(chunksOf(whole)))).toBe(true);
    const part = await documents().open(document, { offset: 7, count: 5 });
    expect(part).toMatchObject({ bytes: 5, total: size, etag: whole?.etag });
    expect(await text(chunksOf(part))).toBe('abcde');
    expect(await documents().look(document)).toEqual({
      bytes: size,
      etag: whole?.etag,
      contentType: 'application/zip',
    });
  });

  it('arrive whole though the connection breaks on the way', async () => {
    await using faulty = await faultyStorage(account.connection);
    const document = { requestId: mintRequestId(), name: volumeName(1, 1) };
    const content = Buffer.alloc(9 * 1024 * 1024, 'abcdefg');
    await documents().save(document, [content], 'application/zip');
    faulty.breakAnswerAfter(0);
    const opened = await documentStore(faulty.storage).open(document, { offset: 5 });
    expect(content.subarray(5).equals(await buffer(chunksOf(opened)))).toBe(true);
    expect(faulty.calls).toBe(2);
  });

  it('may be left before the end, or before the beginning', async () => {
    const document = { requestId: mintRequestId(), name: volumeName(1, 1) };
    await documents().save(document, [Buffer.alloc(9 * 1024 * 1024)], 'application/zip');
    for (const chunksRead of [0, 1]) {
      const opened = await documents().open(document);
      const stream = Readable.from(opened?.chunks ?? []);
      const chunks = stream[Symbol.asyncIterator]();
      for (let read = 0; read < chunksRead; read += 1) await chunks.next();
      await new Promise<void>((resolve) => stream.once('close', () => resolve()).destroy());
      expect(stream.errored).toBeNull();
    }
  });

  it('that do not exist are no error', async () => {
    const document = { requestId: mintRequestId(), name: volumeName(1, 1) };
    expect(await documents().open(document)).toBeUndefined();
    expect(await documents().look(document)).toBeUndefined();
  });
});
