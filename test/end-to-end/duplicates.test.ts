import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { blobsOf, expectQueuesEmpty } from './support/account.ts';
import { erase } from './support/erasure.ts';
import { keysOf, totalOf } from './support/expected.ts';
import { expectWhole, wholeOf } from './support/exported.ts';
import type { Passing } from './support/proxy.ts';
import { type Stage, startStage } from './support/stage.ts';
import { changesAt, hostOf } from './support/targets.ts';
import { found } from './support/until.ts';

vi.setConfig({ testTimeout: 330_000 });

const isMessage = ({ method, url }: Passing): boolean => method === 'POST' && /\/dsr-[a-z-]+\/messages/.test(url);

/** Every message that the app has sent. */
const sent: Passing[] = [];
let stage: Stage;
beforeAll(async () => {
  const after = async (passing: Passing): Promise<'pass'> => {
    if (!isMessage(passing)) return 'pass';
    sent.push(passing);
    await send(passing);
    return 'pass';
  };
  // Two workers, so that both copies of a message are worked on at once.
  stage = await startStage({
    targets: [{ name: 'saved' }, { name: 'gone' }],
    workers: 2,
    between: { storage: { after } },
    // Small slices, so that there are many messages.
    settings: { DSR_SLICE_ITEMS: '3' },
  });
});
afterAll(() => stage?.stop());

/** Puts the message into its queue, beside the one that is there. */
async function send(passing: Passing): Promise<void> {
  const queues = found(stage.storageProxies[1], 'the proxy before the queues');
  expect(await queues.repeat(passing)).toBe(201);
}

test('an export whose messages all come twice is whole, once', async () => {
  const whole = wholeOf(stage, stage.resource('saved'));
  const id = await stage.portal.begin({ action: 'export', targets: ['saved'] });
  await expectWhole(stage, id, whole);
  await expectQueuesEmpty(stage);
  expect(sent.length).toBeGreaterThan(8);
});

test('a delete whose messages all come twice erases and proves each item once', async () => {
  const keys = keysOf(stage.resource('gone'));
  const kept = keys['cv-exported-models']?.length ?? 0;
  const { view, receipt } = await erase(stage, 'gone');
  expect(view.state).toBe('completed');
  expect(receipt.totals).toMatchObject({ found: totalOf(keys), erased: totalOf(keys) - kept, kept });
  expect(stage.resource('gone').projects.size).toBe(0);
  await expectQueuesEmpty(stage);
});

test('messages that come again after the end change nothing, upstream or in the account', async () => {
  const ids = (await stage.portal.call('GET', '/requests')).json;
  const requests = JSON.stringify(ids).match(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g);
  const all = [...new Set(requests)];
  expect(all).toHaveLength(2);
  const account = () => Promise.all(all.map(async (id) => Object.fromEntries(await blobsOf(stage, id))));
  const before = { account: await account(), changes: changesAt(stage.simulator, hostOf('gone')) };
  const late = sent.splice(0);
  for (const passing of late) await send(passing);
  await expectQueuesEmpty(stage);
  expect({ account: await account(), changes: changesAt(stage.simulator, hostOf('gone')) }).toEqual(before);
  expect(sent, 'messages that late ones led to').toEqual([]);
  expect(stage.findings).toEqual([]);
});
