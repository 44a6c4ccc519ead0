import type { RequestRecord } from '../../domain/request.ts';

export const PAST_DEADLINE = 'The deadline of the request passed before this was done.';

/** Why a request begins nothing more, or undefined. What was begun is looked at, and everything gets its final line. */
export function settlingReason(record: RequestRecord, now: Date): string | undefined {
  if (record.cancel) return 'The request was cancelled before this was done.';
  if (record.standDown !== undefined) return record.standDown;
  if (now.toISOString() >= record.deadline) return PAST_DEADLINE;
  return undefined;
}
