import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { journalFaults } from '../../../src/lib/domain/journal.ts';
import type { RequestRecord } from '../../../src/lib/domain/request.ts';
import { recordStore } from '../../../src/lib/store/records.ts';
import { useAzurite } from './support/azurite.ts';
import { faultyStorage } from './support/faulty-storage.ts';
import { newRecord, nextRun } from './support/records.ts';

const account = useAzurite();

/** Calls of one create and two changes without a fault. */
async function callsInAll(): Promise<number> {
  await using faulty = await faultyStorage(account.connection);
  await createAndChangeTwice(faulty.storage, newRecord());
  return faulty.calls;
}

async function createAndChangeTwice(storage: Parameters<typeof recordStore>[0], record: RequestRecord) {
  const records = recordStore(storage);
  await records.create(record);
  await records.change(record.requestId, nextRun);
  await records.change(record.requestId, nextRun);
}

/** Record and journal as another process finds them: they must say the same. */
async function expectAgreement(record: RequestRecord): Promise<RequestRecord | undefined> {
  const records = recordStore(account.storage);
  const stored = await records.read(record.requestId);
  const journal = await records.journal(record.requestId);
  expect(journal === undefined).toBe(stored === undefined);
  if (!stored || !journal) return undefined;
  expect(journalFaults((await text(journal.stream)).split('\n').slice(0, -1), stored.journal)).toEqual([]);
  return stored;
}

describe('record and journal', () => {
  it('say the same wherever the writer was cut off, and go on from there', async () => {
    const calls = await callsInAll();
    expect(calls).toBeGreaterThan(10);
    for (let cut = 0; cut <= calls; cut += 1) {
      await using faulty = await faultyStorage(account.connection);
      const record = newRecord();
      faulty.cutAfter(cut);
      const outcome = await createAndChangeTwice(faulty.storage, record).catch((error: unknown) => error);
      if (cut < calls) expect(outcome).toMatchObject({ name: 'StorageFailure' });
      const records = recordStore(account.storage);
      await records.create(record);
      // A changer that comes next, not a reader, has to mend in every second round.
      if (cut % 2 === 0) await expectAgreement(record);
      await records.change(record.requestId, nextRun);
      const stored = await expectAgreement(record);
      expect(stored?.run.n).toBe((stored?.journal.seq ?? 0) - 1);
    }
  });

  it('say the same when an answer was lost, and the change counts once', async () => {
    const calls = await callsInAll();
    for (let lost = 0; lost < calls; lost += 1) {
      await using faulty = await faultyStorage(account.connection);
      const record = newRecord();
      faulty.loseAnswerAfter(lost);
      await createAndChangeTwice(faulty.storage, record);
      expect((await expectAgreement(record))?.run.n).toBe(2);
    }
  });
});
