import { describe, expect, it } from 'vitest';
import { isLeft, sumWithoutRepeats } from '../../../src/lib/domain/again.ts';
import { mintTaskId } from '../../../src/lib/domain/ids.ts';
import { type Counts, NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import { STATES } from '../../../src/lib/domain/lifecycle.ts';
import { withoutSubject } from '../../../src/lib/domain/retention.ts';
import { openDsrStatus } from '../../../src/lib/plan/open-dsr.ts';
import { isSameOrder, mergeOrders, remedyFor, standsAgainst } from '../../../src/lib/plan/redrive.ts';
import { newRecord } from '../store/support/records.ts';

const HASH = 'a'.repeat(64);
const at = '2026-01-06T00:00:00.000Z';
const { submission } = newRecord();
const approved = newRecord({
  state: 'partially-completed',
  submission: { ...submission, action: 'delete' },
  touchedUpstream: true,
  plan: { revision: 1, hash: HASH },
  decision: { decision: 'approve', planHash: HASH, actor: 'officer', at },
});
const counts = (some: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...some });

describe('What is left of a request', () => {
  it('can be done while it is planned or runs, and after it ended partially', () => {
    const open = STATES.filter((state) => standsAgainst(newRecord({ state })) === undefined);
    expect(open).toEqual(['planning', 'running', 'partially-completed']);
  });

  it('is done on the plan that was approved, or on a new one where that no longer covers it', () => {
    const remedy = (change: Partial<typeof approved>, drift = 0) =>
      remedyFor({ ...approved, ...change }, counts({ drift })).kind;
    expect(remedy({})).toBe('again');
    expect(remedy({}, 1)).toBe('plan-anew');
    expect(remedy({ plan: { revision: 2, hash: '' } })).toBe('plan-anew');
    expect(remedy({ plan: { revision: 2, hash: 'b'.repeat(64) } })).toBe('plan-anew');
    expect(remedy({ submission })).toBe('again');
  });

  it('of a delete that exports first is not planned anew: what came since is saved by nobody', () => {
    const first = { ...approved, submission: { ...approved.submission, exportFirst: true } };
    expect(remedyFor(first, counts({})).kind).toBe('again');
    expect(remedyFor(first, counts({ drift: 1 }))).toMatchObject({ kind: 'none' });
    expect(standsAgainst({ ...first, standDown: 'It is not whole.' })).toMatch(/not whole/);
    expect(standsAgainst({ ...approved, standDown: 'Its runs died.' })).toBeUndefined();
  });

  it('is what was refused, not begun, or kept with a parent; never what was kept on a ground', () => {
    expect(isLeft({ outcome: 'refused' }, 'call')).toBe(true);
    expect(isLeft({ outcome: 'kept', left: true }, 'call')).toBe(true);
    expect(isLeft({ outcome: 'kept' }, 'parent')).toBe(true);
    expect(isLeft({ outcome: 'kept' }, 'call')).toBe(false);
    expect(isLeft({ outcome: 'erased' }, 'parent')).toBe(false);
  });

  it('counts once, as it ended last', () => {
    const [a, b, c] = [mintTaskId(1, 0), mintTaskId(2, 0), mintTaskId(3, 0)];
    const chain = [
      { taskId: a, counts: counts({ found: 10, erased: 5, kept: 2, refused: 3, gaps: 1 }) },
      { taskId: b, again: a, counts: counts({ found: 4, erased: 1, absent: 1, refused: 2 }) },
      { taskId: c, again: b, counts: counts({ found: 2, erased: 2 }) },
    ];
    expect(sumWithoutRepeats('delete', chain)).toEqual(counts({ found: 10, erased: 8, absent: 1, kept: 1 }));
    expect(sumWithoutRepeats('export', chain)).toEqual(counts({ found: 2, erased: 2 }));
  });
});

describe('Orders to send a request again', () => {
  const order = { at, actor: 'operator', reason: 'again' };
  const [one, two] = [mintTaskId(1, 0), mintTaskId(1, 1)];

  it('are the same whatever their time and the sequence of what they name', () => {
    const only = [{ taskId: one }, { taskId: two, item: 'f'.repeat(32) }];
    expect(isSameOrder({ ...order, only }, { ...order, at: '2026-02-01T00:00:00.000Z', only: only.toReversed() })).toBe(
      true,
    );
    expect(isSameOrder({ ...order, only }, order)).toBe(false);
    expect(isSameOrder(order, { ...order, reason: 'once more' })).toBe(false);
  });

  it('become one while they wait: what either wants', () => {
    expect(mergeOrders({ ...order, only: [{ taskId: one }] }, { ...order, only: [{ taskId: two }] }).only).toEqual([
      { taskId: one },
      { taskId: two },
    ]);
    expect(mergeOrders({ ...order, only: [{ taskId: one }] }, order)).toEqual(order);
    expect(mergeOrders(order, { ...order, only: [{ taskId: one }] }).only).toBeUndefined();
  });
});

describe('A request that is resumed', () => {
  it('goes on in OpenDSR: it was never told to be completed', () => {
    const states = ['partially-completed', 'running', 'sealing', 'completed'] as const;
    const told = states.map((state) => openDsrStatus(state, true));
    expect(told).toEqual(['in_progress', 'in_progress', 'in_progress', 'completed']);
  });

  it('keeps nothing of the orders when the person is forgotten', () => {
    const order = { at, actor: 'operator', reason: 'again' };
    const forgotten = withoutSubject({ ...approved, redrive: order, again: { ...order, revision: 2 } }, { at });
    expect(forgotten).not.toHaveProperty('redrive');
    expect(forgotten).not.toHaveProperty('again');
  });
});
