import { text as collect } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { journalFaults } from '../../../../src/lib/domain/journal.ts';
import { type SubmitDependencies, submit } from '../../../../src/lib/steps/request/submit.ts';
import { journalOf, PORTAL, STRANGER, SUBMISSION, useRequestStores } from '../support/request-stores.ts';

const stores = useRequestStores();

/** The dependencies of a process that ends at one of its calls. */
class Ended extends Error {}
const ends = (): Promise<never> => Promise.reject(new Ended());
const endsBeforeRecord = (): SubmitDependencies => ({
  ...stores.deps,
  records: { ...stores.deps.records, create: ends },
});
const endsBeforeMessage = (): SubmitDependencies => ({
  ...stores.deps,
  queues: { ...stores.deps.queues, send: ends },
});

async function accepted(deps: SubmitDependencies, input: Parameters<typeof submit>[1]) {
  const submitted = await submit(deps, input);
  if (submitted.kind !== 'accepted') throw new Error(`not accepted: ${submitted.kind}`);
  return submitted.record;
}

describe('Submitting a request', () => {
  it('stores the record, begins its journal and sends one message with nothing but the id', async () => {
    const record = await accepted(stores.deps, { submission: SUBMISSION, actor: PORTAL });
    const stored = await stores.deps.records.read(record.requestId);
    expect(stored).toMatchObject({ state: 'received', submittedBy: 'portal', targets: ['vision', 'vision-2'] });
    expect(stored).toMatchObject({ run: { n: 0, ended: true }, touchedUpstream: false });
    expect(stored?.deadline).toBe('2026-03-31T12:00:00.000Z');
    expect(await journalOf(stores.deps, record.requestId)).toMatchObject([{ event: 'received', actor: 'portal' }]);
    expect(await stores.messages()).toEqual([{ v: 1, requestId: record.requestId }]);
  });

  it('names every target and family that is unknown, and stores nothing', async () => {
    const submission = { ...SUBMISSION, targets: ['vision', 'nowhere'], families: ['nothing'] };
    const submitted = await submit(stores.deps, { submission, actor: PORTAL });
    expect(submitted).toEqual({
      kind: 'unknown-names',
      names: [
        { field: 'targets.1', name: 'nowhere' },
        { field: 'families.0', name: 'nothing' },
      ],
    });
    expect(await stores.messages()).toEqual([]);
  });
});

describe('An idempotency key', () => {
  it('leads to the same request again, also when eight calls come at once', async () => {
    const input = { submission: SUBMISSION, actor: PORTAL, idempotencyKey: 'eight' };
    const records = await Promise.all(Array.from({ length: 8 }, () => accepted(stores.deps, input)));
    const ids = new Set(records.map((record) => record.requestId));
    expect(ids.size).toBe(1);
    for (const message of await stores.messages()) expect(message).toEqual({ v: 1, requestId: [...ids][0] });
  });

  it('is refused with another body', async () => {
    await accepted(stores.deps, { submission: SUBMISSION, actor: PORTAL, idempotencyKey: 'other' });
    const submission = { ...SUBMISSION, action: 'delete' as const };
    const again = await submit(stores.deps, { submission, actor: PORTAL, idempotencyKey: 'other' });
    expect(again).toEqual({ kind: 'other-body' });
  });

  it('belongs to its caller: two callers may use the same one', async () => {
    const of = (actor: typeof PORTAL) =>
      accepted(stores.deps, { submission: SUBMISSION, actor, idempotencyKey: 'shared' });
    expect((await of(PORTAL)).requestId).not.toBe((await of(STRANGER)).requestId);
  });

  it.each([
    ['the record', endsBeforeRecord],
    ['the message', endsBeforeMessage],
  ])('finishes what ended before %s, under the same id', async (what, broken) => {
    await stores.messages();
    const input = { submission: SUBMISSION, actor: PORTAL, idempotencyKey: `crash before ${what}` };
    await expect(submit(broken(), input)).rejects.toThrow(Ended);
    expect(await stores.messages()).toEqual([]);
    const first = await accepted(stores.deps, input);
    const second = await accepted(stores.deps, input);
    expect(second.requestId).toBe(first.requestId);
    expect(await stores.messages()).toContainEqual({ v: 1, requestId: first.requestId });
    const opened = await stores.deps.records.journal(first.requestId);
    if (!opened) throw new Error('no journal');
    const text = await collect(opened.stream);
    expect(journalFaults(text.trimEnd().split('\n'), first.journal)).toEqual([]);
  });

  it('sends no message for a request that has ended', async () => {
    const input = { submission: SUBMISSION, actor: PORTAL, idempotencyKey: 'ended' };
    const { requestId } = await accepted(stores.deps, input);
    const at = '2026-03-01T13:00:00.000Z';
    await stores.deps.records.change(requestId, (record) => ({
      record: { ...record, state: 'completed' },
      entry: { at, actor: 'system', event: 'complete', reason: 'done' },
    }));
    await stores.messages();
    expect((await accepted(stores.deps, input)).state).toBe('completed');
    expect(await stores.messages()).toEqual([]);
  });
});
