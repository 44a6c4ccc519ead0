import { createHash, createHmac } from 'node:crypto';
import { type Actor, clientOf } from '../../domain/actor.ts';
import { addDays } from '../../domain/clock.ts';
import { dueAfter } from '../../domain/due.ts';
import { mintRequestId, type RequestId } from '../../domain/ids.ts';
import { EMPTY_JOURNAL, extendJournal } from '../../domain/journal.ts';
import { isEnded } from '../../domain/lifecycle.ts';
import type { OpenDsr } from '../../domain/open-dsr.ts';
import { canonicalJson } from '../../domain/plan.ts';
import type { RequestRecord, Submission } from '../../domain/request.ts';
import { newSalt } from '../../domain/submission-digest.ts';
import { familyNames } from '../../plan/stages.ts';
import type { Dependencies } from '../dependencies.ts';
import { lookAgain } from '../look-again.ts';

export interface SubmitInput {
  readonly submission: Submission;
  readonly actor: Actor;
  readonly idempotencyKey?: string;
  /** The retention policy in whose name the app itself submits. */
  readonly policy?: RequestRecord['policy'];
  /** Where it came in by that standard. */
  readonly openDsr?: OpenDsr;
}

export interface UnknownName {
  readonly field: string;
  readonly name: string;
}

/** `place` in `callbackUrls`. */
export interface CallbackFault {
  readonly place: number;
  readonly message: string;
}

export type Submitted =
  /** `repeated`: an earlier call with the same key had made the record. */
  | { readonly kind: 'accepted'; readonly record: RequestRecord; readonly repeated: boolean }
  | { readonly kind: 'other-body' }
  | { readonly kind: 'unknown-names'; readonly names: readonly UnknownName[] }
  | { readonly kind: 'callbacks-refused'; readonly faults: readonly CallbackFault[] };

export type SubmitDependencies = Pick<
  Dependencies,
  'clock' | 'limits' | 'records' | 'queues' | 'idempotency' | 'targetNames' | 'callbacks'
>;

/**
 * Takes a request in: key first, then the record, then the message. A crash in between is finished by the next call with the same key,
 * or, once the record is there, by the watchdog.
 */
export async function submit(deps: SubmitDependencies, input: SubmitInput): Promise<Submitted> {
  const names = unknownNames(deps, input.submission);
  if (names.length > 0) return { kind: 'unknown-names', names };
  const faults = callbackFaults(deps, input.submission);
  if (faults.length > 0) return { kind: 'callbacks-refused', faults };
  const claimed = await claimId(deps, input);
  if (claimed === undefined) return { kind: 'other-body' };
  const { requestId } = claimed;
  const record = newRecord(deps, input, claimed);
  const created = await deps.records.create(record);
  const stored = created === 'created' ? record : await deps.records.read(requestId);
  if (!stored) throw new Error(`Request ${requestId} exists and can't be read.`);
  if (!isEnded(stored.state)) await lookAgain(deps, requestId);
  return { kind: 'accepted', record: stored, repeated: created === 'exists' };
}

function unknownNames(deps: SubmitDependencies, { targets, families }: Submission): UnknownName[] {
  const unknown = (field: string, names: 'all' | readonly string[], known: readonly string[]): UnknownName[] =>
    names === 'all'
      ? []
      : names.flatMap((name, at) => (known.includes(name) ? [] : [{ field: `${field}.${at}`, name }]));
  return [...unknown('targets', targets, deps.targetNames()), ...unknown('families', families, familyNames())];
}

function callbackFaults({ callbacks }: SubmitDependencies, { callbackUrls = [] }: Submission): CallbackFault[] {
  return callbackUrls.flatMap((url, place) => {
    const message = callbacks ? callbacks.fault(url) : 'can not be used: no callbacks are set up here';
    return message === undefined ? [] : [{ place, message }];
  });
}

interface ClaimedId {
  readonly requestId: RequestId;
  readonly keyDigest?: string;
}

/** Under which a caller's key is filed; lower-case hex of SHA-256. */
export const digestOfKey = (actor: Actor, idempotencyKey: string): string =>
  createHash('sha256')
    .update(JSON.stringify([clientOf(actor), idempotencyKey]))
    .digest('hex');

/** The id that belongs to the caller's key, or a new one; undefined when the key came with another body before. */
async function claimId(deps: SubmitDependencies, input: SubmitInput): Promise<ClaimedId | undefined> {
  const requestId = mintRequestId();
  const { idempotencyKey } = input;
  if (idempotencyKey === undefined) return { requestId };
  // Neither digest can be traced to a person by who doesn't know the caller's key.
  const keyDigest = digestOfKey(input.actor, idempotencyKey);
  const bodyDigest = createHmac('sha256', idempotencyKey).update(canonicalJson(input.submission)).digest('hex');
  const claim = await deps.idempotency.claim(keyDigest, { requestId, bodyDigest });
  if (claim.kind === 'new') return { requestId, keyDigest };
  return claim.bodyDigest === bodyDigest ? { requestId: claim.requestId, keyDigest } : undefined;
}

function newRecord(deps: SubmitDependencies, input: SubmitInput, claimed: ClaimedId): RequestRecord {
  const { submission, actor, policy, openDsr } = input;
  const now = deps.clock.now();
  const at = now.toISOString();
  const state = 'received';
  const regulation = submission.regulation ?? deps.limits.regulation;
  const line = { at, actor: actor.name, event: 'received', state, reason: 'The request came in.', run: 0 };
  return {
    v: 1,
    ...claimed,
    submission,
    targets: submission.targets === 'all' ? [...deps.targetNames()] : submission.targets,
    client: clientOf(actor),
    submittedBy: actor.name,
    submittedAt: at,
    deadline: addDays(now, deps.limits.requestDays).toISOString(),
    due: { regulation, by: dueAfter(regulation, now).toISOString() },
    state,
    stateSince: at,
    run: { n: 0, ended: true },
    touchedUpstream: false,
    salt: newSalt(),
    ...(policy && { policy }),
    ...(openDsr && { openDsr }),
    journal: extendJournal(EMPTY_JOURNAL, line),
  };
}
