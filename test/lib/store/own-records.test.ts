import { describe, expect, it } from 'vitest';
import { ownRecords } from '../../../src/lib/store/own-records.ts';
import { recordStore } from '../../../src/lib/store/records.ts';
import { useAzurite } from './support/azurite.ts';
import { newRecord, nextRun } from './support/records.ts';

const azurite = useAzurite();

describe('The records of one client', () => {
  it('are read, changed, told of and listed as ever; those of others are unknown', async () => {
    const all = recordStore(azurite.storage);
    const own = ownRecords(all, 'portal');
    const mine = newRecord();
    const theirs = newRecord({ client: 'app:another' });
    expect(await own.create(mine)).toBe('created');
    await all.create(theirs);
    expect((await own.read(mine.requestId))?.client).toBe('portal');
    expect(await own.read(theirs.requestId)).toBeUndefined();
    expect(await own.journal(theirs.requestId)).toBeUndefined();
    expect((await own.journal(mine.requestId))?.bytes).toBeGreaterThan(0);
    expect((await own.change(mine.requestId, nextRun)).kind).toBe('changed');
    expect(await own.change(theirs.requestId, nextRun)).toEqual({ kind: 'missing' });
    expect((await all.read(theirs.requestId))?.run.n).toBe(0);
    expect((await own.list({ limit: 10 })).requestIds).toEqual([mine.requestId]);
    expect((await own.list({ limit: 10, state: 'failed' })).requestIds).toEqual([]);
    expect((await all.list({ limit: 10, client: 'app:another' })).requestIds).toEqual([theirs.requestId]);
  });
});
