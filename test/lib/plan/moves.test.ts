import { describe, expect, it } from 'vitest';
import { MOVES, STATES } from '../../../src/lib/domain/lifecycle.ts';
import { move, note, SYSTEM } from '../../../src/lib/plan/moves.ts';
import { isMove } from '../steps/support/lawful.ts';
import { newRecord } from '../store/support/records.ts';

const at = new Date('2026-05-01T00:00:00.000Z');
const facts = { at, actor: SYSTEM, reason: 'For a test.' };

describe('A move of a record', () => {
  it('has its reason, its time and its actor, and changes nothing that it was not told to', () => {
    const record = newRecord({ state: 'planning' });
    const change = move(record, 'proceed', { ...facts, patch: { touchedUpstream: true } });
    expect(change?.entry).toEqual({ at: at.toISOString(), actor: SYSTEM, event: 'proceed', reason: 'For a test.' });
    expect(change?.record).toEqual({
      ...record,
      touchedUpstream: true,
      state: 'running',
      stateSince: at.toISOString(),
    });
  });

  it('that the table does not have is none, and the patch cannot force it', () => {
    for (const state of STATES.filter((candidate) => candidate !== 'received')) {
      expect(move(newRecord({ state }), 'begin', { ...facts, patch: { state: 'running' } })).toBeUndefined();
    }
    const change = move(newRecord(), 'begin', { ...facts, patch: { state: 'completed' } });
    expect(change?.record.state).toBe('planning');
  });

  it('is what the table says for each event in each state, and nothing else', () => {
    const events = new Set(Object.values(MOVES).flatMap((moves) => Object.keys(moves)));
    for (const state of STATES) {
      const moves: Partial<Record<string, string>> = MOVES[state];
      for (const event of [...events].filter(isMove)) {
        expect(move(newRecord({ state }), event, facts)?.record.state, `${event} in ${state}`).toBe(moves[event]);
      }
    }
  });

  it('notes the end of a request when, and only when, it ends', () => {
    const sealing = newRecord({ state: 'sealing' });
    for (const event of ['complete', 'complete-partially', 'fail', 'end-cancelled'] as const)
      expect(move(sealing, event, facts)?.record.endedAt).toBe(at.toISOString());
    expect(move(newRecord({ state: 'running' }), 'finish', facts)?.record.endedAt).toBeUndefined();
  });

  it('is something else than a note, which leaves the state and its time alone', () => {
    const record = newRecord({ state: 'running' });
    const change = note(record, 'run-claimed', { ...facts, patch: { run: { n: 4, ended: false } } });
    expect(change.record).toEqual({ ...record, run: { n: 4, ended: false } });
    expect(change.entry).toMatchObject({ event: 'run-claimed', reason: 'For a test.' });
  });
});
