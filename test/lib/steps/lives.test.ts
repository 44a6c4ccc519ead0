import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isEnded } from '../../../src/lib/domain/lifecycle.ts';
import type { Action } from '../../../src/lib/domain/request.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { EVENT_NAMES, type EventName } from './support/events.ts';
import { type Asked, type Deed, type Lived, live } from './support/life.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 330_000 });

const sizes = { tags: 3, taggedImages: 0, untaggedImages: 0, deletedImages: 0, exports: 0 };
const world = { resources: [{ projects: [sizes] }] };
const limits = { sliceItems: 2, resendSeconds: 30, roundSeconds: 20, decisionDays: 3, remindDays: [1] };

const event = fc.constantFrom(...EVENT_NAMES);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('event' as const), event, cut: fc.option(fc.nat(6), { nil: undefined }) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      k: fc.nat(150),
      meanwhile: fc.oneof(event, fc.constant('die' as const)),
    }),
  },
  fc.record({ kind: fc.constant('late' as const), pick: fc.nat(1000) }),
  fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 5 }) }),
);

const tags = (action: Action): Asked => ({
  submission: { action, families: ['cv-tags'] },
  options: { world, limits },
});

/** Lives that are always among those tried: in the midst of erasing it is cancelled, held, or the run dies; then old messages come. */
const EXAMPLES: [boolean, Deed[]][] = [25, 32, 35, 38, 41, 45].flatMap((k) =>
  (['cancel', 'hold', 'die'] as const)
    .filter((meanwhile) => meanwhile === 'cancel' || k === 38)
    .map((meanwhile): [boolean, Deed[]] => [
      true,
      [
        { kind: 'run', k, meanwhile },
        { kind: 'late', pick: k },
        { kind: 'event', event: 'start', cut: 4 },
      ],
    ]),
);

const SMALL = { ...sizes, tags: 1, taggedImages: 1, iterations: { published: 0, trained: 0 } };

/** A project with all that it holds, in one call: only as it was approved. */
const PROJECT: Asked = {
  submission: { action: 'delete', families: ['cv-projects'], erase: 'together' },
  options: { world: { resources: [{ projects: [SMALL] }] }, limits },
};
const adds: Deed = { kind: 'adds' };
const runs = (k = -1, meanwhile: EventName | 'die' = 'die'): Deed => ({ kind: 'run', k, meanwhile });
const late = (pick: number): Deed => ({ kind: 'late', pick });
const happens = (name: EventName, cut?: number): Deed => ({ kind: 'event', event: name, cut });

/** Each comes back to the decision, the last one twice; then it is approved, or cancelled. */
const DRIFTING: Deed[][] = [
  [adds, runs(), late(3), happens('approve'), runs()],
  [runs(20), adds, runs(45), late(9), runs(), happens('approve', 3), happens('approve'), runs(30), late(1), runs()],
  [adds, runs(25, 'hold'), happens('lift'), runs(), happens('cancel', 3), late(7), happens('start'), runs()],
  [adds, runs(), adds, happens('approve'), runs(), happens('start', 4), happens('approve'), runs()],
];

describe('The life of a request', () => {
  it.each([
    ['delete', 18],
    ['export', 10],
  ] as const)(
    'to %s is lawful and ends, whatever happens in whatever order: cancelled is cancelled, and what was changed has a receipt',
    async (action, numRuns) => {
      const lived: Lived[] = [];
      const deeds = fc.array(deed, { minLength: 3, maxLength: 8 });
      const lives = fc.asyncProperty(fc.boolean(), deeds, async (approved, all) => {
        lived.push(await live(azurite, tags(action), { approved: approved && action === 'delete', deeds: all }));
      });
      await fc.assert(lives, { numRuns, seed: 20_260_301, endOnFailure: true, examples: EXAMPLES });
      expect(new Set(lived.map(({ state }) => state)).size).toBeGreaterThan(1);
      expect(lived.some(({ deletions }) => deletions > 0)).toBe(action === 'delete');
      expect(lived.some(({ wasCancelledAtWork }) => wasCancelledAtWork)).toBe(action === 'delete');
    },
  );

  it.each(DRIFTING)('to delete a project goes on as lawfully where that changes upstream (%#)', async (...deeds) => {
    const { drifts, state, deletions } = await live(azurite, PROJECT, { approved: true, deeds });
    const wasDecided = deeds.some((one) => one.kind === 'event' && one.event === 'approve');
    expect(drifts).toBeGreaterThan(0);
    if (wasDecided) expect({ state, deletions }).toEqual({ state: 'completed', deletions: 1 });
    else expect({ isEnded: isEnded(state), deletions }).toEqual({ isEnded: true, deletions: 0 });
  });
});
