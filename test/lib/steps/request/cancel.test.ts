import { describe, expect, it } from 'vitest';
import { mintRequestId } from '../../../../src/lib/domain/ids.ts';
import { isEnded, type State } from '../../../../src/lib/domain/lifecycle.ts';
import { cancel } from '../../../../src/lib/steps/request/cancel.ts';
import { journalOf, OFFICER, STRANGER, storedRecord, useRequestStores } from '../support/request-stores.ts';

const stores = useRequestStores();

describe('Cancelling', () => {
  it.each<[State, boolean, State, string]>([
    ['received', false, 'cancelled', 'cancel'],
    ['awaiting-decision', false, 'cancelled', 'cancel'],
    ['awaiting-decision', true, 'sealing', 'finish'],
    ['planning', false, 'planning', 'cancel-requested'],
    ['running', true, 'running', 'cancel-requested'],
  ])('a request that is %s (upstream touched: %s) leaves it %s', async (state, touchedUpstream, after, event) => {
    const { requestId } = await storedRecord(stores.deps, { state, touchedUpstream });
    await stores.messages();
    const cancelled = await cancel(stores.deps, { requestId, reason: 'withdrawn', actor: OFFICER });
    expect(cancelled).toMatchObject({ kind: 'cancelled', record: { state: after } });
    const record = await stores.deps.records.read(requestId);
    expect(record?.cancel).toMatchObject({ actor: 'officer', reason: 'withdrawn' });
    expect((await journalOf(stores.deps, requestId)).at(-1)).toMatchObject({ event, actor: 'officer' });
    expect(await stores.messages()).toEqual(isEnded(after) ? [] : [{ v: 1, requestId }]);
  });

  it('with upstream touched chooses the outcome of the sealing', async () => {
    const { requestId } = await storedRecord(stores.deps, { touchedUpstream: true });
    await cancel(stores.deps, { requestId, actor: OFFICER });
    expect((await stores.deps.records.read(requestId))?.outcome?.event).toBe('end-cancelled');
  });

  it.each<State>(['running', 'received'])('may be repeated (%s)', async (state) => {
    const { requestId } = await storedRecord(stores.deps, { state });
    await cancel(stores.deps, { requestId, actor: OFFICER });
    const before = await stores.deps.records.read(requestId);
    const again = await cancel(stores.deps, { requestId, reason: 'once more', actor: OFFICER });
    expect(again.kind).toBe('cancelled');
    expect(await stores.deps.records.read(requestId)).toEqual(before);
  });

  it.each<State>(['sealing', 'completed', 'partially-completed', 'failed', 'rejected', 'expired'])(
    'comes too late when the request is %s',
    async (state) => {
      const { requestId } = await storedRecord(stores.deps, { state });
      expect(await cancel(stores.deps, { requestId, actor: OFFICER })).toEqual({ kind: 'too-late', state });
    },
  );

  it('is open to a caller without a name only for its own request', async () => {
    const other = await storedRecord(stores.deps);
    expect(await cancel(stores.deps, { requestId: other.requestId, actor: STRANGER })).toEqual({ kind: 'unnamed' });
    const own = await storedRecord(stores.deps, { submittedBy: 'unnamed', client: STRANGER.fingerprint });
    expect((await cancel(stores.deps, { requestId: own.requestId, actor: STRANGER })).kind).toBe('cancelled');
    expect((await cancel(stores.deps, { requestId: mintRequestId(), actor: OFFICER })).kind).toBe('missing');
  });
});
