import { describe, expect, it } from 'vitest';
import { queueStore } from '../../../src/lib/store/queues.ts';
import { useAzurite } from './support/azurite.ts';

const account = useAzurite();

describe('a queue', () => {
  it('is made by the first message, which arrives as base64 JSON and never expires', async () => {
    const queues = queueStore(account.storage);
    expect(await queues.approximateCount('dsr-new')).toBe(0);
    await queues.send('dsr-new', { v: 1, name: 'é' });
    expect(await queues.approximateCount('dsr-new')).toBe(1);
    const { receivedMessageItems } = await account.storage.queues.getQueueClient('dsr-new').receiveMessages();
    const [message] = receivedMessageItems;
    expect(JSON.parse(Buffer.from(message?.messageText ?? '', 'base64').toString('utf8'))).toEqual({ v: 1, name: 'é' });
    expect(message?.expiresOn.getUTCFullYear()).toBe(9999);
  });

  it('holds a delayed message back, counting it all the same', async () => {
    const queues = queueStore(account.storage);
    await queues.send('dsr-later', { v: 1 }, { delaySeconds: 10 * 86_400 });
    expect(await queues.approximateCount('dsr-later')).toBe(1);
    const { receivedMessageItems } = await account.storage.queues.getQueueClient('dsr-later').receiveMessages();
    expect(receivedMessageItems).toEqual([]);
  });

  it('refuses a message that the service would refuse', async () => {
    const queues = queueStore(account.storage);
    const text = (bytes: number) => ({ text: 'x'.repeat(bytes - JSON.stringify({ text: '' }).length) });
    await queues.send('dsr-large', text(48 * 1024 - 1));
    await expect(queues.send('dsr-large', text(48 * 1024))).rejects.toThrow(RangeError);
    expect(await queues.approximateCount('dsr-large')).toBe(1);
  });

  it('that has no lawful name is a failure that says where, without the account key', async () => {
    const failure: unknown = await queueStore(account.storage)
      .send('Not_Lawful', { v: 1 })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'StorageFailure', place: 'Not_Lawful' });
    expect(JSON.stringify(failure)).not.toMatch(/sharedkey|signature/i);
  });
});
