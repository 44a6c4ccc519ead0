import { type Actor, clientOf, isSubmitter } from '../../domain/actor.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { State } from '../../domain/lifecycle.ts';
import type { DecisionOrder } from '../../domain/orders.ts';
import type { RecordChange, RequestRecord } from '../../domain/request.ts';
import { move } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { lookAgain } from '../look-again.ts';
import { type Ruling, ruleOn } from '../rule-on.ts';

export interface DecideInput {
  readonly requestId: RequestId;
  readonly order: DecisionOrder;
  readonly actor: Actor;
}

type Refused =
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'own-request' }
  /** The plan takes in what this very actor named: somebody else has to approve that. */
  | { readonly kind: 'own-widening' }
  | { readonly kind: 'stale-plan' }
  | { readonly kind: 'too-late' }
  | { readonly kind: 'not-awaiting'; readonly state: State };
export type Decided =
  | Refused
  | { readonly kind: 'missing' }
  | { readonly kind: 'decided'; readonly record: RequestRecord };

/**
 * Decides on the very plan that the hash names; the record is moved first, the message that starts the next run comes after. The same
 * decision by the same actor may come again, and its message is sent again.
 */
export async function decide(
  deps: Pick<Dependencies, 'clock' | 'records' | 'queues'>,
  input: DecideInput,
): Promise<Decided> {
  if (!input.actor.named) return { kind: 'unnamed' };
  const now = deps.clock.now();
  const ruled = await ruleOn(deps, input.requestId, (record) => rule(record, input, now));
  if (ruled.kind !== 'ruled') return ruled;
  await lookAgain(deps, input.requestId);
  return { kind: 'decided', record: ruled.record };
}

function rule(record: RequestRecord, { order, actor }: DecideInput, now: Date): Ruling<Refused> {
  if (isSubmitter(actor, record)) return { refused: { kind: 'own-request' } };
  if (record.state !== 'awaiting-decision') {
    return isSame(record, order, actor) ? 'repeated' : { refused: { kind: 'not-awaiting', state: record.state } };
  }
  if (record.plan?.hash !== order.planHash) return { refused: { kind: 'stale-plan' } };
  const due = record.decisionDeadline ?? record.deadline;
  // While a hold keeps the request back its time doesn't run.
  if (!record.held && now.toISOString() >= due) return { refused: { kind: 'too-late' } };
  const given = { order, actor, now };
  const widened = order.decision === 'approve' ? widen(record, given) : undefined;
  if (order.decision === 'approve' && !widened && hasWidened(actor, record))
    return { refused: { kind: 'own-widening' } };
  const change = order.decision === 'reject' ? reject(record, given) : (widened ?? approve(record, given));
  return change ? { change } : { refused: { kind: 'not-awaiting', state: record.state } };
}

const isSame = ({ decision }: RequestRecord, order: DecisionOrder, actor: Actor): boolean =>
  decision?.decision === order.decision && decision.planHash === order.planHash && decision.actor === actor.name;

const hasWidened = (actor: Actor, { widenedBy }: RequestRecord): boolean =>
  widenedBy !== undefined && isSubmitter(actor, { submittedBy: widenedBy.actor, client: widenedBy.client });

interface Given {
  readonly order: DecisionOrder;
  readonly actor: Actor;
  readonly now: Date;
}

const taken = ({ order, actor, now }: Given) => ({
  decision: { decision: order.decision, planHash: order.planHash, actor: actor.name, at: now.toISOString() },
});

/** From here on something upstream may be changed: that is noted in the same write as the approval itself. */
function approve(record: RequestRecord, given: Given): RecordChange | undefined {
  const { decisionDeadline: _, ...undated } = record;
  return move(undated, 'approve', {
    at: given.now,
    actor: given.actor.name,
    reason: given.order.reason ?? 'The plan was approved.',
    patch: { ...taken(given), touchedUpstream: record.touchedUpstream || record.submission.action === 'delete' },
  });
}

/** Undefined when the decision names nothing that the plan doesn't take in already. */
function widen(record: RequestRecord, given: Given): RecordChange | undefined {
  const before = record.include ?? [];
  const include = [...new Set([...before, ...(given.order.include ?? [])])].sort();
  if (include.length === before.length) return undefined;
  const { decisionDeadline: _, ...undated } = record;
  return move(undated, 'widen', {
    at: given.now,
    actor: given.actor.name,
    reason: given.order.reason ?? `The plan is made again with ${include.length} shared items.`,
    patch: {
      include,
      widenedBy: { actor: given.actor.name, client: clientOf(given.actor) },
      plan: { revision: (record.plan?.revision ?? 1) + 1, hash: '' },
    },
  });
}

/** Where an earlier revision of the plan was carried out, the account of that is made before the request ends. */
function reject(record: RequestRecord, given: Given): RecordChange | undefined {
  const reason = given.order.reason ?? 'The plan was rejected.';
  const facts = { at: given.now, actor: given.actor.name, reason };
  if (!record.touchedUpstream) return move(record, 'reject', { ...facts, patch: taken(given) });
  const outcome = { event: 'end-cancelled' as const, reason };
  return move(record, 'finish', { ...facts, patch: { ...taken(given), outcome } });
}
