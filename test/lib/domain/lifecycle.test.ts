import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIVE_STATES,
  isActive,
  isEnded,
  type LifecycleEvent,
  MOVES,
  nextState,
  STATES,
  type State,
} from '../../../src/lib/domain/lifecycle.ts';

/** Every event of the table, wherever it is lawful. */
const EVENTS: readonly LifecycleEvent[] = [
  'begin',
  'cancel',
  'proceed',
  'ask',
  'finish',
  'approve',
  'reject',
  'expire',
  'drift',
  'complete',
  'complete-partially',
  'fail',
  'end-cancelled',
  'resume',
  'widen',
];

const events = fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 });

/** The states that a request passes which meets these events; unlawful ones leave it where it is. */
function course(sequence: readonly LifecycleEvent[]): State[] {
  const states: State[] = ['received'];
  for (const event of sequence) {
    const next = nextState(states.at(-1) ?? 'received', event);
    if (next) states.push(next);
  }
  return states;
}

const reachable = (from: State): Set<State> => {
  const seen = new Set<State>([from]);
  for (const state of seen) {
    for (const event of EVENTS) {
      const next = nextState(state, event);
      if (next) seen.add(next);
    }
  }
  return seen;
};

describe('The life of a request', () => {
  it('knows every event of the table', () => {
    const inTable = new Set(Object.values(MOVES).flatMap((moves) => Object.keys(moves)));
    expect([...inTable].sort()).toEqual([...EVENTS].sort());
  });

  it('never leaves the table, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(events, (sequence) => {
        expect(STATES).toEqual(expect.arrayContaining(course(sequence)));
      }),
    );
  });

  it('puts every state on one side: a run works on it, a person decides, or it has ended', () => {
    for (const state of STATES) {
      const sides = [isActive(state), isEnded(state), state === 'awaiting-decision'].filter(Boolean);
      expect(sides, state).toHaveLength(1);
    }
    expect(ACTIVE_STATES.every(isActive)).toBe(true);
  });

  it('comes to an end from every state that has not ended', () => {
    for (const state of STATES.filter((candidate) => !isEnded(candidate))) {
      const ends = [...reachable(state)].filter(isEnded);
      expect(ends.length, state).toBeGreaterThan(0);
    }
  });

  it('reaches every state from the beginning', () => {
    expect([...reachable('received')].sort()).toEqual([...STATES].sort());
  });

  it('goes on after its end in one case only: a partial completion may be resumed', () => {
    const onward = STATES.filter(isEnded).flatMap((state) =>
      EVENTS.filter((event) => nextState(state, event)).map((event) => `${state}: ${event}`),
    );
    expect(onward).toEqual(['partially-completed: resume']);
  });

  it('is never completed or failed without having been sealed', () => {
    fc.assert(
      fc.property(events, (sequence) => {
        const states = course(sequence);
        states.forEach((state, at) => {
          if (['completed', 'partially-completed', 'failed'].includes(state)) expect(states[at - 1]).toBe('sealing');
        });
      }),
    );
  });

  it('is never undone by a cancellation once it runs: that goes through sealing', () => {
    for (const state of ['planning', 'running', 'sealing'] as const) {
      expect(nextState(state, 'cancel')).toBeUndefined();
      expect(reachable(state)).toContain('cancelled');
    }
  });
});
