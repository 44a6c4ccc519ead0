import type { Actor } from '../../domain/actor.ts';
import { addSeconds, secondsBetween } from '../../domain/clock.ts';
import { type Due, dueExtended, isLate } from '../../domain/due.ts';
import type { RequestId } from '../../domain/ids.ts';
import { isEnded } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { note } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Ruling, ruleOn } from '../rule-on.ts';

export interface ExtendInput {
  readonly requestId: RequestId;
  readonly reason: string;
  readonly actor: Actor;
}

type Refused = { readonly kind: 'unnamed' } | { readonly kind: 'not-extendable'; readonly why: string };
export type Extended =
  | Refused
  | { readonly kind: 'missing' }
  | { readonly kind: 'extended'; readonly record: RequestRecord; readonly due: Due };

/**
 * Extends the due date, once, while it hasn't passed: both laws want the subject to be told within the first time limit. The deadline of
 * the work moves by as much. The same order by the same actor may come again.
 */
export async function extend(deps: Pick<Dependencies, 'clock' | 'records'>, input: ExtendInput): Promise<Extended> {
  if (!input.actor.named) return { kind: 'unnamed' };
  const now = deps.clock.now();
  const ruled = await ruleOn(deps, input.requestId, (record) => rule(record, input, now));
  if (ruled.kind !== 'ruled') return ruled;
  const { due } = ruled.record;
  return due ? { kind: 'extended', record: ruled.record, due } : { kind: 'not-extendable', why: NO_DUE };
}

const NO_DUE = 'The request has no due date.';

function rule(record: RequestRecord, { actor, reason }: ExtendInput, now: Date): Ruling<Refused> {
  const refuse = (why: string): Ruling<Refused> => ({ refused: { kind: 'not-extendable', why } });
  const { due, state } = record;
  if (!due) return refuse(NO_DUE);
  if (due.extension) {
    const same = due.extension.actor === actor.name && due.extension.reason === reason;
    return same ? 'repeated' : refuse('It was extended before, and the law allows that once.');
  }
  if (isEnded(state)) return refuse(`The request is ${state}.`);
  if (isLate(due, now)) return refuse('The due date has passed.');
  const by = dueExtended(due.regulation, new Date(record.submittedAt));
  const deadline = addSeconds(new Date(record.deadline), secondsBetween(new Date(due.by), by)).toISOString();
  const extension = { at: now.toISOString(), actor: actor.name, reason, before: due.by };
  const extended: Due = { regulation: due.regulation, by: by.toISOString(), extension };
  const facts = { at: now, actor: actor.name, reason, patch: { due: extended, deadline } };
  return { change: note(record, 'due-extended', facts) };
}
