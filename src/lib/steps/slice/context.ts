import type { Family } from '../../catalog/family.ts';
import { addSeconds, secondsBetween } from '../../domain/clock.ts';
import type { Task } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { ChildSlice } from '../../domain/slice.ts';
import { type Target, versionOf } from '../../domain/target.ts';
import type { Served } from '../../plan/places.ts';
import type { OpenFacts, SliceRef } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import type { SliceResult } from './result.ts';
import type { SumsRead } from './sums-of.ts';

/** What a slice handler works with. */
export interface SliceContext {
  readonly deps: Dependencies;
  readonly ref: SliceRef;
  readonly record: RequestRecord;
  readonly task: Task;
  readonly family: Family;
  readonly target: Target;
  readonly facts: OpenFacts;
  /** Why nothing more may be begun (cancelled, deadline over); what was begun is looked at and reported. */
  readonly settling: string | undefined;
  readonly startedAt: Date;
  readonly sums: SumsRead;
  /** Whether the request still wants this to go on: not cancelled or held meanwhile, and no other run works on it. Asks seldom. */
  wanted(): Promise<boolean>;
  /** Notes that a destructive call is about to be made; must be durable before the call. */
  mark(): Promise<void>;
}

/** What a slice works with that seals a request: it belongs to no family and to no target. */
export interface SealContext extends Pick<SliceContext, 'ref' | 'record'> {
  readonly deps: Pick<Dependencies, 'slices' | 'contents' | 'documents' | 'limits'>;
}

/** The family as the target's version of the service has it. */
export const servedIn = (context: SliceContext): Served => ({
  family: context.family,
  version: versionOf(context.target),
});

/** A slice is done and leaves `children`, or has to wait: waiting is not failing. `paused`: because its target is, not for what it asked. */
export type SliceOutcome =
  | { readonly kind: 'done'; readonly result: SliceResult; readonly children: readonly ChildSlice[] }
  | { readonly kind: 'wait'; readonly until: Date; readonly reason: string; readonly paused?: true };

/** What of a slice tells how much of its budget is left. */
export interface Budgeted extends Pick<SliceContext, 'facts' | 'startedAt'> {
  readonly deps: Pick<Dependencies, 'limits' | 'clock'>;
}

export const secondsUsed = (context: Budgeted): number => secondsBetween(context.startedAt, context.deps.clock.now());

export const timeIsUp = (context: Budgeted): boolean => secondsUsed(context) >= context.deps.limits.sliceSeconds;

/** Whether upstream has said "later" to this slice for longer than it may. */
export function patienceIsOver(context: Budgeted, seconds: number): boolean {
  const { waitingSince } = context.facts;
  return waitingSince !== undefined && secondsBetween(new Date(waitingSince), context.deps.clock.now()) >= seconds;
}

/** Time of the next look at something that is not yet so. */
export const afterPause = (context: SliceContext): Date =>
  addSeconds(context.deps.clock.now(), context.deps.limits.pauseSeconds);
