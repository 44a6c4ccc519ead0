import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callbackMessageSchema } from '../../../../src/lib/domain/callback.ts';
import { mintRequestId } from '../../../../src/lib/domain/ids.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { move, note } from '../../../../src/lib/plan/moves.ts';
import { announcer } from '../../../../src/lib/steps/callbacks/announce.ts';
import {
  type CallbackDependencies,
  deliverCallback,
  giveUpCallback,
} from '../../../../src/lib/steps/callbacks/deliver-callback.ts';
import { recordStore } from '../../../../src/lib/store/records.ts';
import { createCallbacks } from '../../../../src/lib/upstream/callbacks.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';
import { type ReceiverOptions, startReceiver } from '../../upstream/support/receiver.ts';
import { Outbox } from '../support/outbox.ts';
import { journalOf } from '../support/request-stores.ts';
import { TurnedClock } from '../support/stage.ts';

const azurite = useAzurite();
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLDER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;

/** A request that listens at a receiver of the test's own, and what delivers to it. */
async function listening(options: ReceiverOptions = {}, loopback = true) {
  const receiver = await startReceiver(options);
  const clock = new TurnedClock();
  clock.turnTo(new Date());
  const queues = new Outbox(clock);
  const records = recordStore(azurite.storage, announcer(queues));
  const hosts = [`127.0.0.1:${receiver.port}`];
  const callbacks = createCallbacks({ hosts, secrets: [SECRET, OLDER], loopback });
  const deps: CallbackDependencies = { clock, queues, records, callbacks };
  const { submission } = newRecord();
  const record = newRecord({ submission: { ...submission, callbackUrls: [`${receiver.url}/told?t=secret`] } });
  await records.create(record);
  return { receiver, clock, queues, deps, record, [Symbol.asyncDispose]: () => receiver.stop() };
}
type Listening = Awaited<ReturnType<typeof listening>>;

const begin = ({ deps, record, clock }: Listening) =>
  deps.records.change(record.requestId, (one: RequestRecord) =>
    move(one, 'begin', { at: clock.now(), actor: 'system', reason: 'A run took it up.' }),
  );

/** Delivers all that is due, until nothing is left. What each attempt led to. */
async function deliverAll({ deps, queues, clock }: Listening): Promise<string[]> {
  const told: string[] = [];
  for (let next = queues.next; next !== undefined; next = queues.next) {
    clock.turnTo(next);
    for (const { queue, message } of queues.takeDue()) {
      expect(queue).toBe('dsr-callbacks');
      told.push(await deliverCallback(deps, callbackMessageSchema.parse(message)));
    }
  }
  return told;
}

describe('A change of state', () => {
  it('is told once, signed, with ids and the state only', async () => {
    await using one = await listening();
    await begin(one);
    const [sent] = one.queues.waiting;
    expect(sent?.message).toEqual({ v: 1, requestId: one.record.requestId, seq: 2, url: 0, attempt: 1 });
    expect(await deliverAll(one)).toEqual(['told']);
    const [received] = one.receiver.received;
    const { requestId } = one.record;
    const said = { type: 'request.state-changed', data: { requestId, state: 'planning', seq: 2 } };
    for (const secret of [SECRET, OLDER]) {
      const headers = z.record(z.string(), z.string()).parse(received?.headers);
      expect(new Webhook(secret).verify(received?.body ?? '', headers)).toMatchObject(said);
    }
    expect(received?.headers['webhook-id']).toBe(`${requestId}.2.0`);
    expect(received?.body).not.toContain('case-1');
    const lines = await journalOf(one.deps, requestId);
    expect(lines.map(({ event }) => event)).toEqual(['submitted', 'begin', 'callback-delivered']);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('and a notice, which changes none, are told under their own names', async () => {
    await using one = await listening();
    await one.deps.records.change(one.record.requestId, (record) =>
      note(record, 'late', { at: one.clock.now(), actor: 'system', reason: 'It was due before.' }),
    );
    expect(await deliverAll(one)).toEqual(['told']);
    expect(JSON.parse(one.receiver.received[0]?.body ?? '')).toMatchObject({
      type: 'request.late',
      data: { requestId: one.record.requestId, state: 'received', seq: 2 },
    });
  });

  it('that is told twice at once is the same message for the receiver, and one line in the journal', async () => {
    await using one = await listening();
    await begin(one);
    const message = callbackMessageSchema.parse(one.queues.waiting[0]?.message);
    await Promise.all([deliverCallback(one.deps, message), deliverCallback(one.deps, message)]);
    expect(await deliverCallback(one.deps, message)).toBe('nothing');
    const ids = one.receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    const events = (await journalOf(one.deps, one.record.requestId)).map(({ event }) => event);
    expect(events.filter((event) => event === 'callback-delivered')).toHaveLength(1);
  });

  it('is told again later when the receiver fails, under the same id', async () => {
    await using one = await listening({ answer: (call) => ({ status: call < 2 ? 500 : 200 }) });
    await begin(one);
    expect(await deliverAll(one)).toEqual(['later', 'later', 'told']);
    const ids = one.receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids)).toEqual(new Set([`${one.record.requestId}.2.0`]));
  });

  it.each([
    ['fails for a day', { answer: () => ({ status: 500 }) }, 8, 'answered 500'],
    ['says that it is gone', { answer: () => ({ status: 410 }) }, 1, 'answered 410'],
    ['redirects for a day', { answer: () => ({ status: 302, headers: { location: '/' } }) }, 8, 'answered 302'],
  ])('is given up when the receiver %s, and the request goes on', async (_, options, attempts, says) => {
    await using one = await listening(options);
    await begin(one);
    const told = await deliverAll(one);
    expect(told).toHaveLength(attempts);
    expect(told.at(-1)).toBe('given-up');
    const lines = await journalOf(one.deps, one.record.requestId);
    expect(lines.at(-1)).toMatchObject({ event: 'callback-given-up', reason: expect.stringContaining(says) });
    expect((await one.deps.records.read(one.record.requestId))?.state).toBe('planning');
  });

  it('is told to nobody whom the settings no longer allow', async () => {
    await using one = await listening({}, false);
    await begin(one);
    expect(await deliverAll(one)).toEqual(['given-up']);
    expect(one.receiver.received).toEqual([]);
  });

  it('that was announced and never written is not told', async () => {
    await using one = await listening();
    await one.queues.send('dsr-callbacks', { v: 1, requestId: one.record.requestId, seq: 2, url: 0, attempt: 1 });
    const told = await deliverAll(one);
    expect(told.slice(0, -1).every((each) => each === 'not-yet')).toBe(true);
    expect(told.at(-1)).toBe('nothing');
    expect(one.receiver.received).toEqual([]);
  });

  it('whose message ended in the poison queue is given up in the journal', async () => {
    await using one = await listening();
    await begin(one);
    await giveUpCallback(one.deps, { v: 1, requestId: one.record.requestId, seq: 2, url: 0, attempt: 1 });
    expect((await journalOf(one.deps, one.record.requestId)).at(-1)).toMatchObject({ event: 'callback-given-up' });
    expect(await deliverAll(one)).toEqual(['nothing']);
  });
});

describe('A change of status in OpenDSR', () => {
  it('is told in its own words, under its own signature, once for all states that are one there', async () => {
    await using one = await listening();
    const { record, deps, receiver } = one;
    const requestId = mintRequestId();
    const openDsr = { version: '2.0' as const, subjectRequestId: mintRequestId() };
    await deps.records.create({ ...record, requestId, openDsr });
    const processor = {
      domain: 'dsr.example.com',
      baseUrl: 'https://dsr.example.com',
      certificate: '',
      sign: (body: string) => `over ${body.length}`,
    };
    for (const event of ['begin', 'proceed', 'finish', 'complete'] as const) {
      await deps.records.change(requestId, (each) =>
        move(each, event, { at: one.clock.now(), actor: 'system', reason: 'as it goes' }),
      );
    }
    expect(await deliverAll({ ...one, deps: { ...deps, openDsr: processor } })).toEqual(['told', 'told']);
    const said = receiver.received.map(({ body }): unknown => JSON.parse(body));
    const always = { controller_id: 'portal', subject_request_id: openDsr.subjectRequestId, api_version: '2.0' };
    expect(said).toMatchObject([
      { ...always, request_status: 'in_progress', status_callback_url: `${receiver.url}/told?t=secret` },
      {
        ...always,
        request_status: 'completed',
        results_url: `https://dsr.example.com/api/requests/${requestId}/package`,
      },
    ]);
    await deps.records.change(requestId, (each) =>
      note({ ...each, due: { regulation: 'gdpr', by: '2027-03-01T00:00:00.000Z' } }, 'due-extended', {
        at: one.clock.now(),
        actor: 'officer',
        reason: 'many requests',
      }),
    );
    expect(await deliverAll({ ...one, deps: { ...deps, openDsr: processor } })).toEqual(['told']);
    expect(JSON.parse(receiver.received.at(-1)?.body ?? '')).toMatchObject({
      ...always,
      request_status: 'completed',
      expected_completion_time: '2027-03-01T00:00:00.000Z',
    });
    for (const { headers, body } of receiver.received) {
      expect(headers['x-opendsr-processor-domain']).toBe('dsr.example.com');
      expect(headers['x-opendsr-signature']).toBe(`over ${body.length}`);
    }
  });
});
