import type { Counts } from '../domain/ledger.ts';
import type { State } from '../domain/lifecycle.ts';
import type { Chosen, Redrive } from '../domain/redrive.ts';
import type { RequestRecord } from '../domain/request.ts';

/** States in which something may have failed that can be done again. */
const REDRIVABLE: readonly State[] = ['planning', 'running', 'partially-completed'];

/** Why nothing of a request can be done again, whatever failed in it; or undefined. */
export function standsAgainst({
  state,
  cancel,
  results,
  forgotten,
  forgettingSince = forgotten?.at,
  standDown,
  submission,
}: RequestRecord): string | undefined {
  if (!REDRIVABLE.includes(state)) return `It is ${state}.`;
  if (cancel) return 'It was cancelled.';
  if (results) return `Its results were removed since ${results.since}: a new request finds what is left.`;
  if (forgettingSince !== undefined)
    return `The person was removed from it at ${forgettingSince}: a new request finds what is left.`;
  if (standDown !== undefined && submission.exportFirst)
    return `${standDown} Nothing was erased that was not exported: a new request begins anew.`;
  return undefined;
}

/** How what is left of a request that ended is to be done. */
export type Remedy =
  /** By the ids that are stored, on the plan that was approved. */
  | { readonly kind: 'again' }
  /** By a new plan, on which somebody has to decide. */
  | { readonly kind: 'plan-anew' }
  | { readonly kind: 'none'; readonly why: string };

/** @param counts sums over the tasks of the record's revision. */
export function remedyFor({ submission, plan, decision }: RequestRecord, counts: Counts): Remedy {
  if (submission.action === 'export') return { kind: 'again' };
  const isApproved = plan?.hash !== '' && decision?.decision === 'approve' && decision.planHash === plan?.hash;
  if (isApproved && counts.drift === 0) return { kind: 'again' };
  if (submission.exportFirst)
    return { kind: 'none', why: 'What has changed since was not saved before: a new request exports it first.' };
  return { kind: 'plan-anew' };
}

/** By whom and what for; the time doesn't count. */
export const isSameOrder = (a: Redrive, b: Redrive): boolean =>
  a.actor === b.actor && a.reason === b.reason && JSON.stringify(sorted(a.only)) === JSON.stringify(sorted(b.only));

const sorted = (only: readonly Chosen[] | undefined): string[] | undefined =>
  only?.map(({ taskId, sliceId, item }) => JSON.stringify([taskId, sliceId, item])).sort();

/** Two orders that wait are one: what either wants. */
export function mergeOrders(a: Redrive, b: Redrive): Redrive {
  const { only: _, ...whole } = b;
  return a.only && b.only ? { ...whole, only: [...a.only, ...b.only] } : whole;
}
