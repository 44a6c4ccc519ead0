import { distanceDue, isLate } from '../../domain/due.ts';
import { isEnded } from '../../domain/lifecycle.ts';
import type { RecordChange, RequestRecord } from '../../domain/request.ts';
import { note, SYSTEM } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';

/**
 * Warns of a due date that comes near, and marks what is late: a line in the journal, an event in the log and for who listens, each once.
 * True when something was noted.
 */
export async function keepDue(deps: Dependencies, seen: RequestRecord): Promise<boolean> {
  const now = deps.clock.now();
  if (!dueNote(deps, seen, now)) return false;
  const result = await deps.records.change(seen.requestId, (record) => dueNote(deps, record, now));
  if (result.kind !== 'changed') return false;
  const { requestId, due, late, state } = result.record;
  const event = late === undefined ? 'due-soon' : 'late';
  deps.log(event, { requestId, state, by: due?.by ?? '', regulation: due?.regulation ?? '' });
  return true;
}

function dueNote({ limits }: Dependencies, record: RequestRecord, at: Date): RecordChange | undefined {
  const { due, late, state } = record;
  if (!due || late !== undefined || isEnded(state)) return undefined;
  if (isLate(due, at)) {
    return note(record, 'late', { at, actor: SYSTEM, reason: `It was due by ${due.by}.`, patch: { late: due.by } });
  }
  const warned = distanceDue({ by: due.by, given: due.warned }, limits.warnDays, at);
  if (warned === undefined) return undefined;
  const reason = `It is due by ${due.by}: within ${warned} days.`;
  return note(record, 'due-soon', { at, actor: SYSTEM, reason, patch: { due: { ...due, warned } } });
}
