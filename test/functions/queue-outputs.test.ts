import { InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { alsoThroughOutput, firstThroughOutput, outputsTo } from '../../src/functions/queue-outputs.ts';
import type { QueueStore } from '../../src/lib/store/queues.ts';

function scene() {
  const outputs = outputsTo(['one', 'two']);
  const context = new InvocationContext();
  const sent: string[] = [];
  const queues: QueueStore = {
    send: async (queue, message) => void sent.push(`${queue} ${JSON.stringify(message)}`),
    approximateCount: async () => 7,
  };
  const through = () =>
    [...outputs].flatMap(([queue, to]) => {
      const message = context.extraOutputs.get(to);
      return message === undefined ? [] : [`${queue} ${JSON.stringify(message)}`];
    });
  return { at: { outputs, context }, queues, sent, through };
}

describe('Queues of an invocation', () => {
  it('give the first message that is due to the host, which hears of it, and send the others at once', async () => {
    const { at, queues, sent, through } = scene();
    const { send, approximateCount } = firstThroughOutput(queues, at);
    await send('one', { n: 1 }, { delaySeconds: 5 });
    await send('one', { n: 2 });
    await send('one', { n: 3 });
    await send('two', { n: 4 }, { delaySeconds: 0 });
    await send('three', { n: 5 });
    expect(through()).toEqual(['one {"n":2}', 'two {"n":4}']);
    expect(sent).toEqual(['one {"n":1}', 'one {"n":3}', 'three {"n":5}']);
    expect(await approximateCount('one')).toBe(7);
  });

  it('send all at once and tell the host besides where a message may come twice', async () => {
    const { at, queues, sent, through } = scene();
    const { send } = alsoThroughOutput(queues, at);
    await send('one', { n: 1 });
    await send('two', { n: 2 }, { delaySeconds: 5 });
    expect(sent).toEqual(['one {"n":1}', 'two {"n":2}']);
    expect(through()).toEqual(['one {"n":1}']);
  });

  it('tell the host of nothing that could not be sent', async () => {
    const { at, queues, through } = scene();
    const { send } = alsoThroughOutput({ ...queues, send: () => Promise.reject(new Error('storage')) }, at);
    await expect(send('one', { n: 1 })).rejects.toThrow('storage');
    expect(through()).toEqual([]);
  });
});
