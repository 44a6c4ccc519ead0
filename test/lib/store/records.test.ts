import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { mintRequestId } from '../../../src/lib/domain/ids.ts';
import { journalFaults } from '../../../src/lib/domain/journal.ts';
import { listRecords } from '../../../src/lib/store/record-list.ts';
import { type RecordStore, recordStore } from '../../../src/lib/store/records.ts';
import { useAzurite } from './support/azurite.ts';
import { newRecord, nextRun } from './support/records.ts';

const account = useAzurite();

async function journalLines(records: RecordStore, record: { requestId: ReturnType<typeof mintRequestId> }) {
  const journal = await records.journal(record.requestId);
  if (!journal) throw new Error('no journal');
  const content = await text(journal.stream);
  expect(Buffer.byteLength(content)).toBe(journal.bytes);
  return content.split('\n').slice(0, -1);
}

describe('the record of a request', () => {
  it('is created once and read back as it was written', async () => {
    const records = recordStore(account.storage);
    const record = newRecord();
    expect(await records.create(record)).toBe('created');
    expect(await records.create({ ...record, client: 'other' })).toBe('exists');
    expect(await records.read(record.requestId)).toEqual(record);
    expect(await journalLines(records, record)).toEqual([record.journal.pendingLine.trimEnd()]);
  });

  it('is missing, as a value, where there is none', async () => {
    const records = recordStore(account.storage);
    const requestId = mintRequestId();
    expect(await records.read(requestId)).toBeUndefined();
    expect(await records.change(requestId, nextRun)).toEqual({ kind: 'missing' });
    expect(await records.journal(requestId)).toBeUndefined();
  });

  it('stays as it is when the change finds nothing to do', async () => {
    const records = recordStore(account.storage);
    const record = newRecord();
    await records.create(record);
    expect(await records.change(record.requestId, () => undefined)).toEqual({ kind: 'unchanged', record });
  });

  it('takes every one of many concurrent changes exactly once, and the journal tells them all in order', async () => {
    const record = newRecord();
    await recordStore(account.storage).create(record);
    const writers = Array.from({ length: 8 }, () => recordStore(account.storage));
    await Promise.all(writers.map((records) => records.change(record.requestId, nextRun)));
    const records = recordStore(account.storage);
    const last = await records.read(record.requestId);
    expect(last?.run.n).toBe(8);
    const lines = await journalLines(records, record);
    expect(lines).toHaveLength(9);
    expect(journalFaults(lines, last?.journal)).toEqual([]);
  });

  it('that cannot be parsed is reported by its name, without its content', async () => {
    const requestId = mintRequestId();
    const name = `requests/${requestId}/record.json`;
    await account.storage.container.getBlockBlobClient(name).upload('{"email":"person@example.org"}', 30);
    const failure = await recordStore(account.storage)
      .read(requestId)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'UnreadableBlob', blob: name });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('person');
  });
});

describe('the list of requests', () => {
  it('finds records by state and action, page by page, after the last change', async () => {
    const records = recordStore(account.storage);
    const expired = Array.from({ length: 3 }, () => newRecord());
    for (const record of expired) {
      await records.create(record);
      await records.change(record.requestId, (current) => ({
        ...nextRun(current),
        record: { ...current, state: 'expired' },
      }));
    }
    const query = { state: 'expired', action: 'export', limit: 2 } as const;
    const first = await records.list(query);
    expect(first.requestIds).toHaveLength(2);
    const second = await records.list({ ...query, continuation: first.continuation ?? '' });
    expect(second.continuation).toBeUndefined();
    const found = [...first.requestIds, ...second.requestIds];
    expect(found.toSorted()).toEqual(expired.map(({ requestId }) => requestId).toSorted());
    expect(await records.list({ ...query, action: 'delete' })).toEqual({ requestIds: [] });
    expect((await records.list({ limit: 100 })).requestIds).toEqual(expect.arrayContaining(found));
  });

  it('is whole however few blobs the service looks at for one page', async () => {
    const records = recordStore(account.storage);
    const rejected = Array.from({ length: 5 }, () => newRecord());
    for (const record of rejected) {
      await records.create(record);
      await records.change(record.requestId, (current) => ({
        ...nextRun(current),
        record: { ...current, state: 'rejected' },
      }));
      for (let blob = 0; blob < 4; blob += 1) {
        const name = `requests/${record.requestId}/content/${blob}`;
        await account.storage.container.getBlockBlobClient(name).upload('x', 1);
      }
    }
    const found: string[] = [];
    let continuation: string | undefined;
    do {
      const query = { state: 'rejected', limit: 2, ...(continuation === undefined ? {} : { continuation }) } as const;
      const page = await listRecords(account.storage, query, 3);
      expect(page.requestIds.length).toBeLessThanOrEqual(2);
      found.push(...page.requestIds);
      continuation = page.continuation;
    } while (continuation !== undefined);
    expect(found.toSorted()).toEqual(rejected.map(({ requestId }) => requestId).toSorted());
  });

  it('tags a record with what is due first', async () => {
    const records = recordStore(account.storage);
    const record = newRecord({ decisionDeadline: '2026-01-20T08:30:59.000Z' });
    await records.create(record);
    const blob = account.storage.container.getBlobClient(`requests/${record.requestId}/record.json`);
    expect((await blob.getTags()).tags).toEqual({
      state: 'received',
      action: 'export',
      due: '202601200830',
      client: 'portal',
      results: 'kept',
      subject: 'kept',
    });
  });
});
