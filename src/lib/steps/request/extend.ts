import type { Actor } from '../../domain/actor.ts';
import { addSeconds, secondsBetween } from '../../domain/clock.ts';
import { type Due, dueExtended, isLate } from '../../domain/due.ts';
import type { RequestId } from '../../domain/ids.ts';
import { isEnded } from '../../domain/lifecycle.ts';
import type { RecordChange, RequestRecord } from '../../domain/request.ts';
import { note } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';

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

type Ruling = Refused | { readonly kind: 'repeated' } | { readonly kind: 'change'; readonly change: RecordChange };

/**
 * Extends the due date, once, while it hasn't passed: both laws want the subject to be told within the first time limit. The deadline of
 * the work moves by as much. The same order by the same actor may come again.
 */
export async function extend(deps: Pick<Dependencies, 'clock' | 'records'>, input: ExtendInput): Promise<Extended> {
  if (!input.actor.named) return { kind: 'unnamed' };
  const now = deps.clock.now();
  let ruling: Ruling | undefined;
  const result = await deps.records.change(input.requestId, (record) => {
    ruling = rule(record, input, now);
    return ruling.kind === 'change' ? ruling.change : undefined;
  });
  if (result.kind === 'missing' || ruling === undefined) return { kind: 'missing' };
  if (ruling.kind !== 'change' && ruling.kind !== 'repeated') return ruling;
  const { due } = result.record;
  return due ? { kind: 'extended', record: result.record, due } : { kind: 'not-extendable', why: NO_DUE };
}

const NO_DUE = 'The request has no due date.';

function rule(record: RequestRecord, { actor, reason }: ExtendInput, now: Date): Ruling {
  const refuse = (why: string): Ruling => ({ kind: 'not-extendable', why });
  const { due, state } = record;
  if (!due) return refuse(NO_DUE);
  if (due.extension) {
    const same = due.extension.actor === actor.name && due.extension.reason === reason;
    return same ? { kind: 'repeated' } : refuse('It was extended before, and the law allows that once.');
  }
  if (isEnded(state)) return refuse(`The request is ${state}.`);
  if (isLate(due, now)) return refuse('The due date has passed.');
  const by = dueExtended(due.regulation, new Date(record.submittedAt));
  const deadline = addSeconds(new Date(record.deadline), secondsBetween(new Date(due.by), by)).toISOString();
  const extension = { at: now.toISOString(), actor: actor.name, reason, before: due.by };
  const extended: Due = { regulation: due.regulation, by: by.toISOString(), extension };
  const facts = { at: now, actor: actor.name, reason, patch: { due: extended, deadline } };
  return { kind: 'change', change: note(record, 'due-extended', facts) };
}
