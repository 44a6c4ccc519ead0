import { type Actor, isSubmitter } from '../../domain/actor.ts';
import type { RequestId } from '../../domain/ids.ts';
import { isEnded } from '../../domain/lifecycle.ts';
import type { RecordChange, RequestRecord } from '../../domain/request.ts';
import { move, note } from '../../plan/moves.ts';
import type { Dependencies } from '../dependencies.ts';
import { lookAgain } from '../look-again.ts';
import { type Ruling, ruleOn } from '../rule-on.ts';

export interface CancelInput {
  readonly requestId: RequestId;
  readonly reason?: string | undefined;
  readonly actor: Actor;
  /** What must hold of the record in the very write that cancels; it is too late otherwise. */
  readonly onlyIf?: (record: RequestRecord) => boolean;
}

type Refused = { readonly kind: 'unnamed' } | { readonly kind: 'too-late'; readonly state: RequestRecord['state'] };
export type Cancelled =
  | Refused
  | { readonly kind: 'missing' }
  | { readonly kind: 'cancelled'; readonly record: RequestRecord };

/**
 * Ends a request, or asks for its end: where a run works on it, slices see the wish in the record and the run seals what was done so
 * far. May come again. A caller without a name may withdraw what it submitted itself.
 */
export async function cancel(
  deps: Pick<Dependencies, 'clock' | 'records' | 'queues'>,
  input: CancelInput,
): Promise<Cancelled> {
  const now = deps.clock.now();
  const ruled = await ruleOn(deps, input.requestId, (record) => rule(record, input, now));
  if (ruled.kind !== 'ruled') return ruled;
  if (!isEnded(ruled.record.state)) await lookAgain(deps, input.requestId);
  return { kind: 'cancelled', record: ruled.record };
}

function rule(record: RequestRecord, input: CancelInput, now: Date): Ruling<Refused> {
  const { state } = record;
  if (!input.actor.named && !isSubmitter(input.actor, record)) return { refused: { kind: 'unnamed' } };
  if (input.onlyIf?.(record) === false) return { refused: { kind: 'too-late', state } };
  if (record.cancel && (state === 'cancelled' || !isEnded(state))) return 'repeated';
  const change = changeFor(record, input, now);
  return change ? { change } : { refused: { kind: 'too-late', state } };
}

function changeFor(record: RequestRecord, input: CancelInput, now: Date): RecordChange | undefined {
  const actor = input.actor.name;
  const reason = input.reason ?? 'The request was cancelled.';
  const facts = { at: now, actor, reason, patch: { cancel: { at: now.toISOString(), actor, reason } } };
  switch (record.state) {
    case 'received':
      return move(record, 'cancel', facts);
    case 'awaiting-decision': {
      if (!record.touchedUpstream) return move(record, 'cancel', facts);
      const outcome = { event: 'end-cancelled' as const, reason };
      return move(record, 'finish', { ...facts, patch: { ...facts.patch, outcome } });
    }
    case 'planning':
    case 'running':
      return note(record, 'cancel-requested', facts);
    default:
      return undefined;
  }
}
