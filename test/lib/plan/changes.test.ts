import { describe, expect, it } from 'vitest';
import { NOTICES } from '../../../src/lib/domain/notice.ts';
import { waitAfter, withChange, withTold } from '../../../src/lib/plan/changes.ts';
import { newRecord } from '../store/support/records.ts';

const { submission } = newRecord();
const LISTENING = newRecord({
  submission: { ...submission, callbackUrls: ['https://a.example/', 'https://b.example/'] },
});

/** The write's line in the journal. */
const line = (seq: number, event = 'begin') => ({ seq, event, at: '2026-01-05T11:00:00.000Z' });

describe('A change of state', () => {
  it('is noted for who listens, with the number of its line', () => {
    const after = withChange(LISTENING, { ...LISTENING, state: 'planning' }, line(7));
    expect(after.changes).toEqual([
      { seq: 7, at: '2026-01-05T11:00:00.000Z', state: 'planning', touched: false, done: [] },
    ]);
  });

  it('is noted neither where nobody listens nor where the state stays', () => {
    const silent = newRecord();
    expect(withChange(silent, { ...silent, state: 'planning' }, line(2)).changes).toBeUndefined();
    expect(withChange(LISTENING, { ...LISTENING, touchedUpstream: true }, line(2)).changes).toBeUndefined();
  });

  it('leaves the record once every URL has been told of it and the next comes', () => {
    const first = withChange(LISTENING, { ...LISTENING, state: 'planning' }, line(2));
    const once = withTold(first, 2, 0);
    if (!once) throw new Error('not told');
    expect(withTold(once, 2, 0)).toBeUndefined();
    expect(withTold(once, 3, 0)).toBeUndefined();
    const half = withChange(once, { ...once, state: 'running' }, line(3));
    expect(half.changes?.map(({ seq, done }) => [seq, done])).toEqual([
      [2, [0]],
      [3, []],
    ]);
    const twice = withTold(once, 2, 1);
    if (!twice) throw new Error('not told');
    expect(withChange(twice, { ...twice, state: 'running' }, line(3)).changes?.map(({ seq }) => seq)).toEqual([3]);
  });
});

describe('A notice', () => {
  it('is kept for who listens beside the changes of state, and changes none', () => {
    const { changes } = withChange(LISTENING, { ...LISTENING, late: '2026-01-05T11:00:00.000Z' }, line(7, 'late'));
    expect(changes).toEqual([
      { seq: 7, at: '2026-01-05T11:00:00.000Z', state: 'received', notice: 'late', touched: false, done: [] },
    ]);
  });

  it('is not for OpenDSR but where a member of its callbacks changes, nor where nobody listens', () => {
    const silent = newRecord();
    const openDsr = { ...LISTENING, openDsr: { version: '2.0' as const, subjectRequestId: silent.requestId } };
    const seqs = NOTICES.filter((notice) => withChange(openDsr, openDsr, line(7, notice)).changes?.length === 1);
    expect(seqs).toEqual(['due-extended']);
    expect(withChange(silent, silent, line(7, 'late')).changes).toBeUndefined();
  });
});

describe('Waits between attempts', () => {
  it('grow, and end after about a day', () => {
    const waits: number[] = [];
    for (let wait = waitAfter(1); wait !== undefined; wait = waitAfter(waits.length + 1)) waits.push(wait);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3600;
    expect(hours).toBeGreaterThan(20);
    expect(hours).toBeLessThan(30);
  });
});
