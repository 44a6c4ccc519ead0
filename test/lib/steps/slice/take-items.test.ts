import { describe, expect, it } from 'vitest';
import type { Budgeted } from '../../../../src/lib/steps/slice/context.ts';
import { SliceResult } from '../../../../src/lib/steps/slice/result.ts';
import { type Taken, takeItems } from '../../../../src/lib/steps/slice/take-items.ts';
import type { Item } from '../../../../src/lib/steps/slice/visit.ts';
import { limitsWith } from '../support/package-world.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const contextOf = (sliceItems: number): Budgeted => ({
  deps: { clock: { now: () => now }, limits: { ...limitsWith(1), sliceItems } },
  facts: { attempts: 1 },
  startedAt: now,
});
const itemsOf = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({ key: `i${index}`, parameters: {}, document: {}, index, flags: [] }));
const saved = (key: string): Taken => ({
  kind: 'lines',
  lines: [{ line: 'item', key, outcome: 'saved' }],
  extra: { found: 1 },
});

/** Items that are done when they are told to be. */
function gate() {
  const doors = new Map<string, PromiseWithResolvers<Taken>>();
  return {
    begun: () => [...doors.keys()],
    take(item: Item): Promise<Taken> {
      const door = Promise.withResolvers<Taken>();
      doors.set(item.key, door);
      return door.promise;
    },
    finish: (key: string, taken: Taken) => doors.get(key)?.resolve(taken),
    fail: (key: string) => doors.get(key)?.reject(new RangeError('broken')),
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const never = (): Taken => {
  throw new Error('Nothing was to be given up.');
};
const keysOf = (result: SliceResult) => result.lines.map((line) => ('key' in line ? line.key : ''));

describe('items that are dealt with at the same time', () => {
  it('begin one by one as others are done, never more at once than said, and are written down in their order', async () => {
    const items = itemsOf(5);
    const result = new SliceResult();
    const { begun, take, finish } = gate();
    const taken = takeItems(contextOf(100), items, { taking: { width: 2, take, giveUp: never }, result });
    expect(begun()).toEqual(['i0', 'i1']);
    finish('i1', saved('i1'));
    await settled();
    expect(begun()).toEqual(['i0', 'i1']);
    finish('i0', saved('i0'));
    await settled();
    // Both are done: two others at once, without waiting for a whole group.
    expect(begun()).toEqual(['i0', 'i1', 'i2', 'i3']);
    for (const item of items) {
      finish(item.key, saved(item.key));
      await settled();
    }
    expect(await taken).toEqual({ count: 5 });
    expect(keysOf(result)).toEqual(['i0', 'i1', 'i2', 'i3', 'i4']);
  });

  it('are begun within the budget, and all that was begun is kept', async () => {
    const result = new SliceResult();
    const taking = { width: 2, take: async ({ key }: Item) => saved(key), giveUp: never };
    expect(await takeItems(contextOf(3), itemsOf(9), { taking, result })).toEqual({ count: 3 });
    expect(keysOf(result)).toEqual(['i0', 'i1', 'i2']);
  });

  it('stop at the first that has to wait or fails, once nothing goes on any more', async () => {
    for (const kind of ['busy', 'broken'] as const) {
      const result = new SliceResult();
      const { begun, take, finish, fail } = gate();
      let ended = false;
      const taken = takeItems(contextOf(100), itemsOf(9), {
        taking: { width: 3, take, giveUp: never },
        result,
      }).finally(() => {
        ended = true;
      });
      const outcome = taken.catch((error: unknown) => error);
      if (kind === 'busy') finish('i0', { kind: 'busy', until: now, reason: 'later' });
      else fail('i0');
      await settled();
      expect(ended).toBe(false);
      finish('i1', { kind: 'skipped' });
      fail('i2');
      const waits = { count: 0, busy: { kind: 'busy', until: now, reason: 'later' } };
      expect(await outcome).toEqual(kind === 'busy' ? waits : new RangeError('broken'));
      expect(begun()).toEqual(['i0', 'i1', 'i2']);
    }
  });
});
