import { describe, expect, it } from 'vitest';
import { mintRequestId, type RequestId } from '../../../../src/lib/domain/ids.ts';
import { type DecideInput, decide } from '../../../../src/lib/steps/request/decide.ts';
import {
  DEPUTY,
  HASH,
  journalOf,
  OFFICER,
  PORTAL,
  STRANGER,
  storedRecord,
  useRequestStores,
} from '../support/request-stores.ts';

const stores = useRequestStores();

const approve = (requestId: RequestId, change: Partial<DecideInput['order']> = {}): DecideInput => ({
  requestId,
  order: { decision: 'approve', planHash: HASH, ...change },
  actor: OFFICER,
});

describe('Approving a plan', () => {
  it('moves the request on, notes in the same write that upstream may be touched, then sends a message', async () => {
    const { requestId } = await storedRecord(stores.deps);
    await stores.messages();
    expect((await decide(stores.deps, approve(requestId))).kind).toBe('decided');
    const record = await stores.deps.records.read(requestId);
    expect(record).toMatchObject({ state: 'running', touchedUpstream: true });
    expect(record?.decision).toMatchObject({ decision: 'approve', actor: 'officer', planHash: HASH });
    expect(record?.decisionDeadline).toBeUndefined();
    expect((await journalOf(stores.deps, requestId)).at(-1)).toMatchObject({ event: 'approve', actor: 'officer' });
    expect(await stores.messages()).toEqual([{ v: 1, requestId }]);
  });

  it('may be repeated, which sends the message again and changes nothing', async () => {
    const { requestId } = await storedRecord(stores.deps);
    await decide(stores.deps, approve(requestId));
    const before = await stores.deps.records.read(requestId);
    await stores.messages();
    expect((await decide(stores.deps, approve(requestId))).kind).toBe('decided');
    expect(await stores.deps.records.read(requestId)).toEqual(before);
    expect(await stores.messages()).toEqual([{ v: 1, requestId }]);
  });

  it('succeeds for one of two who decide differently at once; the other is told', async () => {
    const { requestId } = await storedRecord(stores.deps);
    const answers = await Promise.all([
      decide(stores.deps, approve(requestId)),
      decide(stores.deps, approve(requestId, { decision: 'reject' })),
    ]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['decided', 'not-awaiting']);
  });
});

describe('Rejecting a plan', () => {
  it('ends a request that touched nothing', async () => {
    const { requestId } = await storedRecord(stores.deps);
    const decided = await decide(stores.deps, approve(requestId, { decision: 'reject', reason: 'wrong person' }));
    expect(decided).toMatchObject({ kind: 'decided', record: { state: 'rejected', touchedUpstream: false } });
  });

  it('seals a request of which an earlier revision was carried out, so that a receipt is made', async () => {
    const { requestId } = await storedRecord(stores.deps, { touchedUpstream: true });
    const decided = await decide(stores.deps, approve(requestId, { decision: 'reject' }));
    expect(decided).toMatchObject({ record: { state: 'sealing', outcome: { event: 'end-cancelled' } } });
  });
});

describe('A decision is refused', () => {
  it('from the submitter, also when its key was named only later', async () => {
    const own = await storedRecord(stores.deps, { submittedBy: 'officer', client: 'officer' });
    expect(await decide(stores.deps, approve(own.requestId))).toEqual({ kind: 'own-request' });
    const renamed = await storedRecord(stores.deps, { submittedBy: 'unnamed', client: OFFICER.fingerprint });
    expect(await decide(stores.deps, approve(renamed.requestId))).toEqual({ kind: 'own-request' });
  });

  it('to approve from who had the plan take in shared things; that one may widen it further, or reject it', async () => {
    const widened = { widenedBy: { actor: 'officer', client: 'officer' }, include: ['cv-projects/shared'] };
    const { requestId } = await storedRecord(stores.deps, widened);
    expect(await decide(stores.deps, approve(requestId))).toEqual({ kind: 'own-widening' });
    const again = await decide(stores.deps, approve(requestId, { include: widened.include }));
    expect(again).toEqual({ kind: 'own-widening' });
    const further = await decide(stores.deps, { ...approve(requestId, { include: ['cv-projects/b'] }), actor: DEPUTY });
    expect(further).toMatchObject({ record: { state: 'planning', widenedBy: { actor: 'deputy' } } });
    const other = await storedRecord(stores.deps, widened);
    expect(await decide(stores.deps, { ...approve(other.requestId), actor: DEPUTY })).toMatchObject({
      record: { state: 'running' },
    });
    const third = await storedRecord(stores.deps, widened);
    expect(await decide(stores.deps, approve(third.requestId, { decision: 'reject' }))).toMatchObject({
      record: { state: 'rejected' },
    });
  });

  it('from a caller without a name', async () => {
    const { requestId } = await storedRecord(stores.deps);
    expect(await decide(stores.deps, { ...approve(requestId), actor: STRANGER })).toEqual({ kind: 'unnamed' });
  });

  it('on another hash', async () => {
    const { requestId } = await storedRecord(stores.deps);
    const stale = approve(requestId, { planHash: 'b'.repeat(64) });
    expect(await decide(stores.deps, stale)).toEqual({ kind: 'stale-plan' });
    expect((await stores.deps.records.read(requestId))?.state).toBe('awaiting-decision');
  });

  it('after its deadline', async () => {
    const { requestId } = await storedRecord(stores.deps, { decisionDeadline: '2026-03-01T12:00:00.000Z' });
    expect(await decide(stores.deps, approve(requestId))).toEqual({ kind: 'too-late' });
  });

  it('in another state, and for an unknown request', async () => {
    const { requestId } = await storedRecord(stores.deps, { state: 'planning' });
    expect(await decide(stores.deps, approve(requestId))).toEqual({ kind: 'not-awaiting', state: 'planning' });
    expect(await decide(stores.deps, { ...approve(mintRequestId()), actor: PORTAL })).toEqual({ kind: 'missing' });
  });
});
