import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../../faults/actions.ts';
import { drawRounds } from '../../faults/draw.ts';
import { GROUPS } from '../../faults/fault.ts';
import { FAULTS } from '../../faults/table/table.ts';

const drawn = (seed: string, from: number, rounds: number) =>
  drawRounds({ seed, faults: FAULTS, from, rounds }).map(
    ({ number, fault, action }) => `${number} ${fault.name} ${action}`,
  );

describe('what a seed gives', () => {
  test('is the same every time, from whatever round it is asked for', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 300 }), (seed, number) => {
        expect(drawn(seed, number, 1)).toEqual(drawn(seed, 1, number).slice(-1));
      }),
    );
  });

  test('has every fault once in each turn, on a course that it may have', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const rounds = drawRounds({ seed, faults: FAULTS, from: 1, rounds: 2 * FAULTS.length });
        for (const turn of [rounds.slice(0, FAULTS.length), rounds.slice(FAULTS.length)]) {
          expect(new Set(turn.map(({ fault }) => fault.name)).size).toBe(FAULTS.length);
        }
        for (const { fault, action } of rounds) expect(fault.actions).toContain(action);
      }),
      { numRuns: 20 },
    );
  });

  test('is another order with another seed', () => {
    expect(drawn('1', 1, FAULTS.length)).not.toEqual(drawn('2', 1, FAULTS.length));
  });
});

test('the table has faults of every group, each with a name of its own, and every course is taken', () => {
  const names = FAULTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(FAULTS.map(({ group }) => group))).toEqual(new Set(GROUPS));
  expect(new Set(FAULTS.flatMap(({ actions }) => actions))).toEqual(new Set(ACTIONS));
});
