import type { RequestRecord } from '../domain/request.ts';
import { openDsrStatus } from './open-dsr.ts';

/**
 * The record after a move, with the change of state noted where somebody wants to be told. What everybody has been told of is left out.
 * @param seq number of the move's line in the journal.
 */
export function withChange(before: RequestRecord, after: RequestRecord, seq: number): RequestRecord {
  const urls = after.submission.callbackUrls?.length ?? 0;
  if (urls === 0 || before.state === after.state || !differs(before, after)) return after;
  const open = (before.changes ?? []).filter(({ done }) => done.length < urls);
  const { state, stateSince: at, touchedUpstream: touched } = after;
  return { ...after, changes: [...open, { seq, at, state, touched, done: [] }] };
}

/** In OpenDSR several states are one. */
const differs = (before: RequestRecord, after: RequestRecord): boolean =>
  after.openDsr === undefined ||
  openDsrStatus(before.state, before.touchedUpstream) !== openDsrStatus(after.state, after.touchedUpstream);

/** The record with one who has been told of a change, or given up. Undefined where that is known already. */
export function withTold(record: RequestRecord, seq: number, url: number): RequestRecord | undefined {
  const change = record.changes?.find((one) => one.seq === seq);
  if (!change || change.done.includes(url)) return undefined;
  const changes = (record.changes ?? []).map((one) => (one === change ? { ...one, done: [...one.done, url] } : one));
  return { ...record, changes };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Waits between attempts, as Standard Webhooks recommends them (specification, "Retry schedule"); about a day in all. */
const WAITS_SECONDS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 8 * HOUR, 10 * HOUR];

/** Seconds until the next attempt, or undefined after the last. @param attempt the one that failed, from 1. */
export const waitAfter = (attempt: number): number | undefined => WAITS_SECONDS[attempt - 1];
