import { join } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startAzurite } from '../../../local/host/azurite.ts';
import { eventually, KEYS, readSeen, startTestHost, temporaryFolder } from './support.ts';

const open = new AsyncDisposableStack();
const lines: string[] = [];
let service: QueueServiceClient;
let url: string;
let connectionString: string;
let seenFile: string;

beforeAll(async () => {
  const folder = open.use(await temporaryFolder());
  const azurite = await startAzurite({ dataDirectory: join(folder.path, 'azurite') });
  open.defer(() => azurite.stop());
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
  connectionString = azurite.connectionString;
  seenFile = join(folder.path, 'seen');
  const host = open.use(
    await startTestHost('streamed/queues.ts', folder.path, {
      workers: 2,
      settings: { AzureWebJobsStorage: azurite.connectionString },
      messageLeaseSeconds: 2,
      log: (line) => lines.push(line),
    }),
  );
  url = host.url;
});
afterAll(() => open.disposeAsync());

const base64 = (text: string) => Buffer.from(text).toString('base64');
const send = (queue: string, text: string) => service.getQueueClient(queue).sendMessage(base64(text));
const seen = (name: string, holds: (entry: Record<string, unknown>) => boolean = () => true) =>
  eventually(() => readSeen(seenFile, name).find(holds));
const isEmpty = async (queue: string) => {
  const { approximateMessagesCount } = await service.getQueueClient(queue).getProperties();
  return approximateMessagesCount === 0;
};

describe('a queue function', () => {
  it('receives an object with the trigger metadata, and the message is deleted', async () => {
    const sent = await send('take', '{"id":"1"}');
    const entry = await seen('take', ({ message }) => JSON.stringify(message) === '{"id":"1"}');
    expect(entry).toMatchObject({
      metadata: {
        id: sent.messageId,
        dequeueCount: 1,
        insertionTime: expect.stringMatching(/\+00:00$/),
        expirationTime: expect.stringMatching(/\+00:00$/),
        nextVisibleTime: expect.stringMatching(/\+00:00$/),
        popReceipt: expect.stringMatching(/./),
      },
    });
    expect(await eventually(() => isEmpty('take'))).toBe(true);
  });

  it.each([
    ['42', 42],
    ['123456789012345678901234567890', 123456789012345680000000000000],
    ['null', null],
    ['"text"', 'text'],
    ['plain text', 'plain text'],
    ['grün', 'grün'],
  ])('receives %s parsed where it parses', async (text, message) => {
    await send('take', text);
    const entry = await seen('take', (candidate) => Object.is(candidate.message, message));
    expect(entry.message).toBe(message);
  });

  it('is never called for a message that is not base64: it goes to the poison queue as it is', async () => {
    await service.getQueueClient('take').sendMessage('{"not":"base64"}');
    const poison = service.getQueueClient('take-poison');
    const message = await eventually(async () => {
      if (!(await poison.exists())) return undefined;
      return (await poison.receiveMessages()).receivedMessageItems[0];
    });
    expect(message.messageText).toBe('{"not":"base64"}');
    const lifetime = message.expiresOn.getTime() - message.insertedOn.getTime();
    expect(lifetime).toBe(7 * 24 * 3600 * 1000);
    expect(readSeen(seenFile, 'take').map((entry) => entry.message)).not.toContainEqual({ not: 'base64' });
  });

  it('is tried maxDequeueCount times with a pause, then the poison function has the message', async () => {
    const begun = Date.now();
    await send('fail', '{"id":"2"}');
    const poisoned = await seen('failPoison');
    expect(poisoned.message).toEqual({ id: '2' });
    expect(readSeen(seenFile, 'fail').map(({ tries }) => tries)).toEqual([1, 2, 3]);
    // Two pauses of host.json's visibilityTimeout lie between three tries: a floor, which no slow machine can break.
    expect(Date.now() - begun).toBeGreaterThanOrEqual(2000);
    expect(await eventually(() => isEmpty('fail'))).toBe(true);
  });

  it('that fails on a poison queue leaves the message held and makes no further poison queue', async () => {
    await eventually(() => lines.some((line) => line.includes('failPoison failed on message')));
    expect(await isEmpty('fail-poison')).toBe(false);
    expect((await service.getQueueClient('fail-poison').peekMessages()).peekedMessageItems).toEqual([]);
    expect(await service.getQueueClient('fail-poison-poison').exists()).toBe(false);
  });

  it('keeps its message for longer than one lease', async () => {
    await send('long', '{"id":"3"}');
    await seen('long', ({ state }) => state === 'done');
    expect(await eventually(() => isEmpty('long'))).toBe(true);
    expect(readSeen(seenFile, 'long').map(({ state }) => state)).toEqual(['begun', 'done']);
  });

  it('whose worker dies has failed a try, and another worker gets the message', async () => {
    await send('dies', '{"id":"4"}');
    await seen('dies', ({ tries }) => tries === 2);
    const [first, second] = readSeen(seenFile, 'dies');
    expect(second?.pid).not.toBe(first?.pid);
    expect(await eventually(() => isEmpty('dies'))).toBe(true);
  });

  it('runs for at most batchSize plus newBatchThreshold messages at a time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, id) => send('crowd', JSON.stringify({ id }))));
    const entries = await eventually(() => {
      const all = readSeen(seenFile, 'crowd');
      return all.filter(({ state }) => state === 'done').length === 20 && all;
    });
    let [running, most] = [0, 0];
    for (const { state } of entries) {
      running += state === 'begun' ? 1 : -1;
      most = Math.max(most, running);
    }
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4 + 2);
  });
});

it('a queue function is run by hand with a text of its own', async () => {
  const answer = await fetch(`${url}/admin/functions/take`, {
    method: 'POST',
    headers: { 'x-functions-key': KEYS.master, 'content-type': 'application/json' },
    body: JSON.stringify({ input: '{"by":"hand"}' }),
  });
  expect(answer.status).toBe(202);
  const entry = await seen('take', ({ message }) => JSON.stringify(message) === '{"by":"hand"}');
  expect(entry.metadata).toEqual({});
});

it('two workers share one queue, and every message is seen', async () => {
  await Promise.all(Array.from({ length: 12 }, (_, id) => send('crowd', JSON.stringify({ shared: id }))));
  const done = await eventually(() => {
    const entries = readSeen(seenFile, 'crowd').filter(({ message, state }) => isShared(message) && state === 'done');
    return entries.length === 12 && entries;
  });
  expect(new Set(done.map(({ pid }) => pid)).size).toBe(2);
});

const isShared = (message: unknown) => z.object({ shared: z.number() }).safeParse(message).success;

describe('a host that stops', () => {
  it('lets go of the messages that it still works on, and no try of theirs is a failure', async () => {
    await using folder = await temporaryFolder();
    // One queue of its own: the other host must not take the message.
    const settings = { AzureWebJobsStorage: connectionString };
    await using stopping = await startTestHost('streamed/held.ts', folder.path, { settings });
    const queue = service.getQueueClient('stopped');
    await queue.sendMessage(base64('{"id":"5"}'));
    await eventually(() => readSeen(join(folder.path, 'seen'), 'held')[0]);
    await stopping.stop();
    const [message] = (await queue.receiveMessages()).receivedMessageItems;
    expect(message?.dequeueCount).toBe(2);
    expect(await service.getQueueClient('stopped-poison').exists()).toBe(false);
  });
});

describe('a queue output', () => {
  it('makes one message of an object and several of an array', async () => {
    await send('relay', '{"a":1}');
    await send('relay', '[{"b":2},"three"]');
    const texts: string[] = [];
    await eventually(async () => {
      const queue = service.getQueueClient('relayed');
      if (!(await queue.exists())) return false;
      for (const message of (await queue.receiveMessages()).receivedMessageItems) {
        texts.push(Buffer.from(message.messageText, 'base64').toString());
      }
      return texts.length === 3;
    });
    expect(texts.sort()).toEqual(['three', '{\n  "a": 1\n}', '{\n  "b": 2\n}']);
  });
});
