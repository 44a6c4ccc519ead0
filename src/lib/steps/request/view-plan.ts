import type { Actor } from '../../domain/actor.ts';
import type { RequestId } from '../../domain/ids.ts';
import { type Plan, planSchema } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { noteRead } from '../note-read.ts';

type ViewDependencies = Pick<Dependencies, 'clock' | 'records' | 'documents'>;

export type NoPlan =
  | { readonly kind: 'missing' }
  /** It left with the person. */
  | { readonly kind: 'gone'; readonly since: string }
  | { readonly kind: 'none'; readonly reason: string };

export type PlanView = { readonly kind: 'plan'; readonly plan: Plan } | NoPlan;
type CurrentPlan = { readonly kind: 'plan'; readonly plan: Plan; readonly record: RequestRecord } | NoPlan;

/** The plan that a decision would be about, or was; never one that the record has left behind. The journal is told who looks, as long as it has room: an approver can always read what is to be decided. */
export async function viewPlan(deps: ViewDependencies, requestId: RequestId, actor: Actor): Promise<PlanView> {
  const current = await currentPlan(deps, requestId);
  if (current.kind !== 'plan') return current;
  const { plan, record } = current;
  await noteRead(deps, record, { actor, event: 'plan-viewed', file: `revision ${plan.revision}` });
  return { kind: 'plan', plan };
}

/** That plan, and the record that it belongs to. Nobody is told of it: whoever hands it out does that. */
export async function currentPlan(
  deps: Pick<Dependencies, 'records' | 'documents'>,
  requestId: RequestId,
): Promise<CurrentPlan> {
  const record = await deps.records.read(requestId);
  if (!record) return { kind: 'missing' };
  const since = record.forgotten?.at ?? record.forgettingSince;
  if (since !== undefined) return { kind: 'gone', since };
  const reason = reasonForNone(record);
  if (reason !== undefined) return { kind: 'none', reason };
  const plan = await deps.documents.read({ requestId, name: 'plan.json' }, planSchema);
  if (!plan) return { kind: 'none', reason: `No plan was made: the request is ${record.state}.` };
  // What is left of a plan is done again under another revision and the same hash.
  if (plan.revision !== record.plan?.revision && plan.hash !== record.plan?.hash)
    return { kind: 'none', reason: 'The next revision of the plan is being made.' };
  return { kind: 'plan', plan, record };
}

function reasonForNone({ state, submission, plan }: RequestRecord): string | undefined {
  if (state === 'received' || state === 'planning') return 'The plan is being made.';
  // Only an export that would hold other people's data has one.
  if (submission.action === 'export' && !submission.dryRun && !plan?.hash) return 'An export needs no plan.';
  return undefined;
}
