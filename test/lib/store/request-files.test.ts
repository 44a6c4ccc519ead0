import { describe, expect, it } from 'vitest';
import { recordStore } from '../../../src/lib/store/records.ts';
import { requestFiles } from '../../../src/lib/store/request-files.ts';
import { useAzurite } from './support/azurite.ts';
import { newRecord } from './support/records.ts';

const here = useAzurite();

describe('How long storage keeps what was deleted', () => {
  it('is what the account says', async () => {
    const { storage } = here;
    const record = newRecord();
    await recordStore(storage).create(record);
    // Azurite says nothing until somebody has set it.
    expect(await requestFiles(storage).keptDays(record.requestId)).toBeUndefined();
    await storage.account.setProperties({ deleteRetentionPolicy: { enabled: true, days: 7 } });
    expect(await requestFiles(storage).keptDays(record.requestId)).toBe(7);
    await storage.account.setProperties({ deleteRetentionPolicy: { enabled: false } });
    expect(await requestFiles(storage).keptDays(record.requestId)).toBe(0);
  });
});
