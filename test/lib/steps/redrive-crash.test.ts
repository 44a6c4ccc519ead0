import { describe, expect, it, vi } from 'vitest';
import { useAzurite } from '../store/support/azurite.ts';
import { crashing, type Moment } from './support/crashing.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { eventsIn, order, partly, receiptOf, refusing } from './support/redriving.ts';
import { openStage } from './support/stage.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 240_000 });
const sizes = { tags: 4, taggedImages: 0, untaggedImages: 0, deletedImages: 0, exports: 0, imageBytes: 10 };
const world = { resources: [{ projects: [{ ...sizes, iterations: { published: 0, trained: 0 } }] }] };
const NEVER = { k: Number.POSITIVE_INFINITY, moment: 'before' } as const;

/** A delete that is resumed, from there to its end, by a process that ends at its k-th call and is started again. */
async function resumed(at: { k: number; moment: Moment }) {
  await using stage = await openStage(azurite.storage, { world, limits: { sliceItems: 2 } });
  const driver = new Driver(stage);
  const tags = { action: 'delete', families: ['cv-tags'] } as const;
  const requestId = await partly(driver, { ...tags, families: [...tags.families] }, [
    refusing('DeleteTag', { after: 1 }),
  ]);
  const faulty = crashing(stage.deps, at.k, at.moment);
  await order(stage, requestId);
  driver.deps = faulty.deps;
  const { state } = await driver.toTheEnd(requestId);
  const { totals, faults, previous } = (await receiptOf(stage, requestId, 2)).receipt;
  const first = await receiptOf(stage, requestId);
  const ends = (await eventsIn(stage, requestId)).filter((event) => /^(?:resume|complete)/.test(event));
  const chained = previous?.sha256 === first.sha256;
  const left = keysIn(stage.resource, 'cv-tags');
  const found = {
    state,
    totals,
    faults,
    ends,
    chained,
    left,
    finals: finalsOf(await ledgersOf(stage, requestId)).length,
  };
  return { found, calls: faulty.calls, crashes: driver.crashes };
}

describe('A request that is resumed', () => {
  it('comes to the same end wherever the process dies between two calls of a store or of upstream', async () => {
    const clean = await resumed(NEVER);
    expect(clean.found).toMatchObject({
      state: 'completed',
      totals: { found: 4, erased: 4, refused: 0 },
      ends: ['complete-partially', 'resume', 'complete'],
      chained: true,
      left: [],
    });
    const stride = Math.ceil(clean.calls / 5);
    for (let k = 3; k < clean.calls; k += stride) {
      const moment = k % 2 === 0 ? 'before' : 'after';
      const { found, crashes } = await resumed({ k, moment });
      expect({ k, moment, crashes, ...found }).toEqual({ k, moment, crashes: 1, ...clean.found });
    }
  });
});
