import { isLate } from '../domain/due.ts';
import type { LifecycleEvent } from '../domain/lifecycle.ts';
import { isEnded, nextState } from '../domain/lifecycle.ts';
import type { RecordChange, RequestRecord } from '../domain/request.ts';

/** Why, when and by whom a request moves, and what else changes in its record in the same write. */
export interface MoveFacts {
  readonly at: Date;
  readonly actor: string;
  readonly reason: string;
  readonly patch?: Partial<RequestRecord>;
}

/** The actor of moves that nobody asked for. */
export const SYSTEM = 'system';

/** The record after a lawful move, or undefined where the table of moves has none: the caller then finds out what happened meanwhile. */
export function move(record: RequestRecord, event: LifecycleEvent, facts: MoveFacts): RecordChange | undefined {
  const state = nextState(record.state, event);
  if (!state) return undefined;
  const at = facts.at.toISOString();
  const late = isEnded(state) ? lateness(record, facts.at) : {};
  const ended = isEnded(state) ? { endedAt: at, ...late } : {};
  const reason = late.late === undefined ? facts.reason : `${facts.reason} It ends late: it was due by ${late.late}.`;
  return {
    record: { ...record, ...facts.patch, state, stateSince: at, ...ended },
    entry: { at, actor: facts.actor, event, reason },
  };
}

/** A journal line without a move: a run claimed, a cancellation asked for. */
export function note(record: RequestRecord, event: string, facts: MoveFacts): RecordChange {
  const at = facts.at.toISOString();
  return { record: { ...record, ...facts.patch }, entry: { at, actor: facts.actor, event, reason: facts.reason } };
}

/** A request that ends after its due date was late since then, whether or not anybody noticed before; then the line of its end says so. */
const lateness = ({ due, late }: RequestRecord, at: Date): Pick<RequestRecord, 'late'> =>
  due && late === undefined && isLate(due, at) ? { late: due.by } : {};
