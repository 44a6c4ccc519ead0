import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Receiver, startReceiver } from '../lib/upstream/support/receiver.ts';
import { expectQueuesEmpty } from './support/account.ts';
import { type Stage, startStage } from './support/stage.ts';
import { until } from './support/until.ts';

vi.setConfig({ testTimeout: 170_000 });

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const toldSchema = z.object({ data: z.object({ requestId: z.string(), state: z.string(), seq: z.number() }) });

let stage: Stage;
let receiver: Receiver;
beforeAll(async () => {
  // The first attempt of everything fails.
  const seen = new Set<unknown>();
  receiver = await startReceiver({
    answer(_, { headers }) {
      const known = seen.has(headers['webhook-id']);
      seen.add(headers['webhook-id']);
      return { status: known ? 204 : 503 };
    },
  });
  stage = await startStage({
    targets: [{ name: 'empty', projects: 0 }],
    settings: { CALLBACK_HOSTS: `127.0.0.1:${receiver.port}`, CALLBACK_SECRETS: SECRET },
  });
});
afterAll(async () => {
  await stage?.stop();
  await receiver?.stop();
});

describe('A portal that listens', () => {
  test('hears of every state of its request, signed, although each first attempt fails', async () => {
    const order = { action: 'export' as const, targets: ['empty'], callbackUrls: [`${receiver.url}/told`] };
    const id = await stage.portal.begin(order);
    expect((await stage.portal.ended(id)).state).toBe('completed');
    const told = await until('eight calls', async () => receiver.received.length >= 8 && receiver.received);
    const said = told.map(({ headers, body }) => {
      const verified = new Webhook(SECRET).verify(body, z.record(z.string(), z.string()).parse(headers));
      return toldSchema.parse(verified).data;
    });
    expect(new Set(said.map(({ requestId }) => requestId))).toEqual(new Set([id]));
    const states = new Map(said.map(({ seq, state }) => [seq, state]));
    const inOrder = [...states].sort(([a], [b]) => a - b).map(([, state]) => state);
    expect(inOrder).toEqual(['planning', 'running', 'sealing', 'completed']);
    await expectQueuesEmpty(stage);
    const journal = (await stage.portal.bytes(`/requests/${id}/journal`)).toString('utf8');
    expect(journal.match(/"event":"callback-delivered"/g)).toHaveLength(4);
  });

  test('is refused a URL on a host that the operator does not allow', async () => {
    const order = { action: 'export' as const, targets: ['empty'], callbackUrls: ['https://elsewhere.example.com/'] };
    const reply = await stage.portal.submit(order);
    expect(reply).toMatchObject({ status: 400, json: { errors: [{ field: 'callbackUrls.0' }] } });
  });
});
