import { describe, expect, test } from 'vitest';
import { CHANGED, LASTING, SAME } from '../../faults/fault.ts';
import { type Claims, expectAccount } from '../../faults/round/account.ts';
import type { Scene } from '../../faults/scenes/scene.ts';
import type { FinalOutcome, ItemLine } from '../../src/lib/domain/ledger.ts';

/** A delete of two items, of which some are left. */
const sceneWith = (...left: string[]): Pick<Scene, 'expected' | 'order' | 'left'> => ({
  order: { action: 'delete', targets: ['vision'] },
  expected: new Map([
    ['a', 'erased'],
    ['b', 'erased'],
  ]),
  left: () => new Set(left),
});

function claims(outcomes: Record<string, FinalOutcome>, state = 'completed', totals = { refused: 0, gaps: 0 }): Claims {
  const lines = Object.entries(outcomes).map(([key, outcome]): ItemLine => ({ line: 'item', key, outcome }));
  return { state, lines: new Map(lines.map((line) => [line.key, line])), totals };
}

describe('what is checked after a round', () => {
  test('lets pass what is so', () => {
    expectAccount(claims({ a: 'erased', b: 'erased' }), sceneWith(), SAME);
    expectAccount(claims({ a: 'erased', b: 'absent' }), sceneWith(), CHANGED);
    const partly = claims({ a: 'erased', b: 'refused' }, 'partially-completed', { refused: 1, gaps: 0 });
    expectAccount(partly, sceneWith('b'), LASTING);
    expectAccount(partly, sceneWith(), LASTING);
  });

  test.each([
    [
      'an item that is called erased and is there',
      claims({ a: 'erased', b: 'erased' }),
      sceneWith('b'),
      SAME,
      /claims/,
    ],
    [
      'an item that is called absent and is there',
      claims({ a: 'erased', b: 'absent' }),
      sceneWith('b'),
      CHANGED,
      /claims/,
    ],
    ['an item that is called kept and is gone', claims({ a: 'erased', b: 'kept' }), sceneWith(), LASTING, /claims/],
    ['an item that is gone without a line', claims({ a: 'erased' }), sceneWith(), LASTING, /without a line/],
    ['another outcome than without faults', claims({ a: 'erased', b: 'absent' }), sceneWith(), SAME, /outcome of each/],
    ['an item that is missing', claims({ a: 'erased' }), sceneWith('b'), SAME, /outcome of each/],
    [
      'a state that the fault must not lead to',
      claims({ a: 'erased', b: 'erased' }, 'failed'),
      sceneWith(),
      SAME,
      /states/,
    ],
    [
      'completed, though something was refused',
      claims({ a: 'erased', b: 'refused' }, 'completed', { refused: 1, gaps: 0 }),
      sceneWith('b'),
      LASTING,
      /completed request/,
    ],
    [
      'completed, though something could not be read',
      claims({ a: 'erased', b: 'erased' }, 'completed', { refused: 0, gaps: 1 }),
      sceneWith(),
      CHANGED,
      /completed request/,
    ],
  ])('finds %s', (_, claimed, scene, end, fault) => {
    expect(() => expectAccount(claimed, scene, end)).toThrow(fault);
  });
});
