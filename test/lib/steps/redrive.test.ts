import { describe, expect, it, vi } from 'vitest';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { order, partly, receiptOf, refusing } from './support/redriving.ts';
import { openStage } from './support/stage.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });
const sizes = { tags: 3, taggedImages: 2, untaggedImages: 1, deletedImages: 0, exports: 0, imageBytes: 10 };
const world = { resources: [{ projects: [sizes] }] };
const open = () => openStage(azurite.storage, { world, limits: { sliceItems: 2 } });

describe('A delete that upstream refused in part', () => {
  it('ends completed once it is resumed, with a receipt that names the one before', async () => {
    await using stage = await open();
    const driver = new Driver(stage);
    const requestId = await partly(driver, ['cv-tags'], [refusing('DELETE', { after: 1 })]);
    expect((await driver.record(requestId)).state).toBe('partially-completed');
    const first = await receiptOf(stage, requestId);
    expect(first.receipt.totals).toMatchObject({ found: 3, erased: 1, refused: 2 });
    expect(await order(stage, requestId)).toMatchObject({ kind: 'ordered', record: { state: 'running', edition: 2 } });
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    expect(keysIn(stage.resource, 'cv-tags')).toEqual([]);
    const second = await receiptOf(stage, requestId, 2);
    expect(second.receipt).toMatchObject({
      edition: 2,
      previous: { edition: 1, bytes: first.bytes, sha256: first.sha256, event: 'complete-partially' },
      outcome: { event: 'complete' },
      totals: { found: 3, erased: 3, refused: 0, kept: 0 },
      faults: [],
    });
    expect(second.receipt.revisions.map(({ tasks }) => tasks.map(({ counts }) => counts.found))).toEqual([[3], [2]]);
    expect((await receiptOf(stage, requestId)).sha256).toBe(first.sha256);
  });
});
