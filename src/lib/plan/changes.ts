import { type Notice, noticeOf, OPEN_DSR_NOTICES } from '../domain/notice.ts';
import type { RequestRecord } from '../domain/request.ts';
import { openDsrStatus } from './open-dsr.ts';

/**
 * The record after a write, with the change of state or the notice kept where somebody wants to be told. What everybody has been told of
 * is left out.
 * @param line the write's line in the journal.
 */
export function withChange(
  before: RequestRecord,
  after: RequestRecord,
  { seq, at, event }: { readonly seq: number; readonly at: string; readonly event: string },
): RequestRecord {
  const urls = after.submission.callbackUrls?.length ?? 0;
  const moved = before.state !== after.state && differs(before, after);
  const noticed = noticeOf(event);
  const notice = noticed && isFor(after, noticed) ? noticed : undefined;
  if (urls === 0 || (!moved && notice === undefined)) return after;
  const open = (before.changes ?? []).filter(({ done }) => done.length < urls);
  const { state, touchedUpstream: touched } = after;
  return { ...after, changes: [...open, { seq, at, state, ...(notice && { notice }), touched, done: [] }] };
}

const isFor = ({ openDsr }: RequestRecord, notice: Notice): boolean =>
  openDsr === undefined || OPEN_DSR_NOTICES.includes(notice);

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
