import { mintRequestId } from '../../../../src/lib/domain/ids.ts';
import { EMPTY_JOURNAL, extendJournal } from '../../../../src/lib/domain/journal.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { RecordChange } from '../../../../src/lib/store/records.ts';

export const AT = '2026-01-05T10:00:00.000Z';

/** A request that has just come in. */
export function newRecord(change: Partial<RequestRecord> = {}): RequestRecord {
  const journal = extendJournal(EMPTY_JOURNAL, {
    at: AT,
    actor: 'portal',
    event: 'submitted',
    state: 'received',
    reason: 'submitted',
    run: 0,
  });
  return {
    v: 1,
    requestId: mintRequestId(),
    submission: {
      action: 'export',
      subject: { reference: 'case-1' },
      targets: 'all',
      families: 'all',
      scope: 'target',
      dryRun: false,
    },
    targets: ['vision'],
    client: 'portal',
    submittedBy: 'portal',
    submittedAt: AT,
    deadline: '2026-02-04T10:00:00.000Z',
    state: 'received',
    stateSince: AT,
    run: { n: 0, ended: true },
    touchedUpstream: false,
    journal,
    ...change,
  };
}

/** One more run, with its line. */
export const nextRun = (record: RequestRecord): RecordChange => ({
  record: { ...record, run: { n: record.run.n + 1, ended: false } },
  entry: { at: AT, actor: 'watchdog', event: 'run-claimed', reason: `run ${record.run.n + 1}: « über »` },
});
