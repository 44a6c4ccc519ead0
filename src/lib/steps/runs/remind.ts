import { addDays } from '../../domain/clock.ts';
import { distanceDue } from '../../domain/due.ts';
import { type Hold, nameOfHold, reviewDue } from '../../domain/hold.ts';
import { isActive } from '../../domain/lifecycle.ts';
import type { Notice } from '../../domain/notice.ts';
import type { RecordChange, RequestRecord } from '../../domain/request.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { keptBackBy } from '../holds.ts';

/** Days between two escalations of the same request. */
const REPEAT_DAYS = 7;
/** A request that is not at its end so long after its deadline needs somebody. */
const GRACE_DAYS = 1;

/** Reminds of a decision whose time runs out, once at each distance. True when it did. */
export function remindOfDecision(deps: Dependencies, seen: RequestRecord): Promise<boolean> {
  const at = deps.clock.now();
  return tell(deps, seen, (record) => {
    const { decisionDeadline: by, reminded, state } = record;
    if (state !== 'awaiting-decision' || record.held || by === undefined || at >= new Date(by)) return undefined;
    const given = reminded?.deadline === by ? reminded.days : undefined;
    const days = distanceDue({ by, given }, deps.limits.remindDays, at);
    if (days === undefined) return undefined;
    const reason = `The plan waits for a decision until ${by}: within ${days} days.`;
    return notice(record, 'decision-reminder', { at, reason, patch: { reminded: { deadline: by, days } } });
  });
}

/** Reminds of each hold that keeps the request back and whose review date is over, and again each week. True when it did. */
export async function remindOfReview(deps: Dependencies, seen: RequestRecord): Promise<boolean> {
  const at = deps.clock.now();
  const due = (await keptBackBy(deps, seen)).flatMap((hold) => reviewsOf(hold, at)).sort();
  return tell(deps, seen, (record) => {
    const { held } = record;
    if (!held || due.every((review) => held.reminded?.includes(review))) return undefined;
    const reason = `It is held, and somebody has to say whether it still must be: ${due.join(', ')}.`;
    return notice(record, 'hold-review', { at, reason, patch: { held: { ...held, reminded: due } } });
  });
}

/** The hold with the last of its review dates that is over; nothing before the first. */
function reviewsOf(hold: Hold, now: Date): string[] {
  const due = reviewDue(hold, now);
  return due === undefined ? [] : [`${nameOfHold(hold.id)} since ${due}`];
}

/** Tells the operator of a request that should have come to its end and hasn't, and again each week. True when it did. */
export function escalateOverdue(deps: Dependencies, seen: RequestRecord): Promise<boolean> {
  const at = deps.clock.now();
  return tell(deps, seen, (record) => {
    const { deadline, escalatedAt, state, held } = record;
    if (!isActive(state) || held || at < addDays(new Date(deadline), GRACE_DAYS)) return undefined;
    if (escalatedAt !== undefined && at < addDays(new Date(escalatedAt), REPEAT_DAYS)) return undefined;
    const reason = `Its deadline was ${deadline}, and it is ${state} still.`;
    return notice(record, 'escalated', { at, reason, patch: { escalatedAt: at.toISOString() } });
  });
}

const notice = (
  record: RequestRecord,
  event: Notice,
  facts: { at: Date; reason: string; patch: Partial<RequestRecord> },
): RecordChange => note(record, event, { actor: SYSTEM, ...facts });

/** Writes a notice where one is due: it is looked at first, since most of the time there is none. */
async function tell(
  deps: Dependencies,
  seen: RequestRecord,
  change: (record: RequestRecord) => RecordChange | undefined,
): Promise<boolean> {
  const expected = change(seen);
  if (!expected) return false;
  const result = await deps.records.change(seen.requestId, change);
  if (result.kind !== 'changed') return false;
  const { requestId, state } = result.record;
  deps.log(expected.entry.event, { requestId, state });
  return true;
}
