import { describe, expect, it, vi } from 'vitest';
import { recordName } from '../../../src/lib/store/names.ts';
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

  it('is longer by what the operator says of versions where the account keeps them, and unknown where he says nothing', async () => {
    const { storage } = here;
    const { container } = storage;
    const record = newRecord();
    await recordStore(storage).create(record);
    // Azurite has no versions: what tells of them is added to its answer.
    const blob = container.getBlobClient(recordName(record.requestId));
    const read = blob.getProperties.bind(blob);
    vi.spyOn(blob, 'getProperties').mockImplementation(async (how) => ({
      ...(await read(how)),
      versionId: '2026-01-01',
    }));
    using _ = vi.spyOn(container, 'getBlobClient').mockReturnValue(blob);
    await storage.account.setProperties({ deleteRetentionPolicy: { enabled: true, days: 7 } });
    expect(await requestFiles(storage).keptDays(record.requestId)).toBeUndefined();
    expect(await requestFiles(storage, 30).keptDays(record.requestId)).toBe(37);
    await storage.account.setProperties({ deleteRetentionPolicy: { enabled: false } });
    expect(await requestFiles(storage, 30).keptDays(record.requestId)).toBe(30);
  });
});
