import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { expectQueuesEmpty, type TaskLedger } from './support/account.ts';
import { erase } from './support/erasure.ts';
import { keysOf, totalOf } from './support/expected.ts';
import { expectWhole, wholeOf } from './support/exported.ts';
import { type Stage, startStage } from './support/stage.ts';

vi.setConfig({ testTimeout: 330_000 });

const IMAGES = 3000;
/** Images that upstream lists at once. */
const PAGE = 256;
const listing = z.object({ volumes: z.array(z.unknown()) });

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({
    targets: [
      { name: 'many', projects: [{ taggedImages: IMAGES, imageBytes: 20, iterations: { published: 1, trained: 0 } }] },
    ],
    workers: 2,
    // Few slices a round: a task takes several.
    settings: { DSR_SLICE_ITEMS: '250', DSR_ROUND_SLICES: '2', DSR_VOLUME_BYTES: '1500000' },
    pollingMilliseconds: 400,
  });
});
afterAll(() => stage?.stop());

const itemsIn = (ledgers: readonly TaskLedger[], family: string): number =>
  ledgers.filter((ledger) => ledger.family === family).reduce((sum, { items }) => sum + items.length, 0);

test('an export of many images goes in many slices and several volumes, and is whole', async () => {
  const whole = wholeOf(stage, stage.resource('many'));
  const id = await stage.portal.begin({ action: 'export', targets: ['many'] });
  const { ledgers } = await expectWhole(stage, id, whole);
  expect(itemsIn(ledgers, 'cv-images')).toBeGreaterThan(IMAGES);
  const { json } = await stage.portal.call('GET', `/requests/${id}/package`);
  expect(listing.parse(json).volumes.length).toBeGreaterThan(1);
  await expectQueuesEmpty(stage);
});

test('an erasure of many images goes in several rounds, and leaves nothing', async () => {
  const keys = keysOf(stage.resource('many'));
  const kept = keys['cv-exported-models']?.length ?? 0;
  const { view, ledgers, receipt } = await erase(stage, 'many');
  expect(view.state).toBe('completed');
  expect(receipt.totals).toMatchObject({ found: totalOf(keys), erased: totalOf(keys) - kept, kept });
  expect(stage.resource('many').projects.size).toBe(0);
  const images = ledgers.find(({ family }) => family === 'cv-images');
  // Found, erased and proved: a slice for each page, since a page is more than a slice's budget.
  expect(images?.slices).toBeGreaterThanOrEqual(3 * Math.ceil(IMAGES / PAGE));
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
});
