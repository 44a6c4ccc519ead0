import { addDays } from './clock.ts';
import { isEnded } from './lifecycle.ts';
import type { RequestRecord } from './request.ts';

/** How long what a request leaves behind is kept after its end, in days. */
export interface RetentionPeriods {
  /** Package, contents and task results of an export. */
  readonly exportResults: number;
  /** Inventories and ledgers of a delete. */
  readonly deleteResults: number;
  /** Everything in the record that names the person. */
  readonly subject: number;
  /** Histories of orchestrations, from their start on. */
  readonly history: number;
  /** For how long the storage account's lifecycle rule keeps versions of what was removed, where the operator has said so. */
  readonly versions?: number;
}

/** Days after which a request's results go. A delete that exported first holds the same data as an export: the shorter time counts. */
export function resultDays(periods: RetentionPeriods, { action, exportFirst }: RequestRecord['submission']): number {
  if (action === 'export') return periods.exportResults;
  return exportFirst ? Math.min(periods.exportResults, periods.deleteResults) : periods.deleteResults;
}

/** Whether a request ended at least so many days ago. One that goes on after all (a resumed one) has not ended. */
export const endedBefore = ({ state, endedAt }: RequestRecord, days: number, now: Date): boolean =>
  isEnded(state) && endedAt !== undefined && addDays(new Date(endedAt), days) <= now;

/** Whether the results of a request are due to go. */
export const resultsAreDue = (record: RequestRecord, periods: RetentionPeriods, now: Date): boolean =>
  record.results?.removedAt === undefined && endedBefore(record, resultDays(periods, record.submission), now);

/** Whether the person is due to leave the record. */
export const subjectIsDue = (record: RequestRecord, periods: RetentionPeriods, now: Date): boolean =>
  record.forgotten === undefined && endedBefore(record, periods.subject, now);

/** Stands in a record where the person stood. */
export const FORGOTTEN = '(removed)';

/**
 * The record without anything that names the person or could be held against a guess: identifiers, note, salt, upstream keys, the
 * portal's own URLs and id of the request, the callers of the last reads, and holds that were on the person's reference. The plan is a file of
 * its own and goes with it.
 */
export function withoutSubject(
  record: RequestRecord,
  forgotten: NonNullable<RequestRecord['forgotten']>,
): RequestRecord {
  const {
    salt: _salt,
    include: _include,
    lastReads: _reads,
    held: _held,
    keyDigest: _key,
    changes: _changes,
    openDsr: _dsr,
    redrive: _redrive,
    again: _again,
    forgettingSince: _since,
    ...rest
  } = record;
  const { note: _note, callbackUrls: _urls, ...submission } = record.submission;
  return { ...rest, submission: { ...submission, subject: { reference: FORGOTTEN } }, forgotten };
}
