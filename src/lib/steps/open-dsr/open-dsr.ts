import type { Actor } from '../../domain/actor.ts';
import type { RequestId } from '../../domain/ids.ts';
import type { OpenDsr, OpenDsrOrder, OpenDsrProcessor, OpenDsrVersion } from '../../domain/open-dsr.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { type OpenDsrFault, openDsrStatus, submissionFrom } from '../../plan/open-dsr.ts';
import type { Dependencies } from '../dependencies.ts';
import { cancel } from '../request/cancel.ts';
import { digestOfKey, type SubmitDependencies, submit } from '../request/submit.ts';

/** A record that came in by the standard. */
export type OpenDsrRecord = RequestRecord & { readonly openDsr: OpenDsr };

export type Taken =
  | { readonly kind: 'taken'; readonly record: OpenDsrRecord }
  | { readonly kind: 'faults'; readonly faults: readonly OpenDsrFault[] };

/** The controller's id of a request, and who asks: ids of other controllers are unknown. */
export interface OpenDsrPlace {
  readonly subjectRequestId: RequestId;
  readonly actor: Actor;
}

/** Not to be had as an Idempotency-Key header, which knows no spaces. */
const keyOf = (subjectRequestId: RequestId): string => `opendsr ${subjectRequestId}`;

export interface OpenDsrInput {
  readonly order: OpenDsrOrder;
  readonly version: OpenDsrVersion;
  readonly actor: Actor;
}

/** Takes an order of the standard in. The controller's id makes it idempotent: the same order again is the same request. */
export async function takeOpenDsr(
  deps: SubmitDependencies,
  processor: OpenDsrProcessor,
  { order, version, actor }: OpenDsrInput,
): Promise<Taken> {
  const mapped = submissionFrom(order, version, processor);
  if (mapped.kind === 'faults') return mapped;
  const subjectRequestId = order.subject_request_id;
  const submitted = await submit(deps, {
    submission: mapped.submission,
    actor,
    idempotencyKey: keyOf(subjectRequestId),
    openDsr: { version, subjectRequestId },
  });
  switch (submitted.kind) {
    case 'accepted':
      if (isOpenDsr(submitted.record)) return { kind: 'taken', record: submitted.record };
      throw new Error(`Request ${submitted.record.requestId} did not come in by the standard.`);
    case 'other-body':
      return faulty('subject_request_id', 'another request has this id');
    case 'unknown-names':
      return {
        kind: 'faults',
        faults: submitted.names.map(({ field }) => ({ reason: `extensions.${field}`, message: 'is not known here' })),
      };
    case 'callbacks-refused':
      return {
        kind: 'faults',
        faults: submitted.faults.map(({ place, message }) => ({ reason: `status_callback_urls.${place}`, message })),
      };
  }
}

const faulty = (reason: string, message: string): Taken => ({ kind: 'faults', faults: [{ reason, message }] });

export const isOpenDsr = (record: RequestRecord): record is OpenDsrRecord => record.openDsr !== undefined;

/** The request that a controller knows under its own id. */
export async function findOpenDsr(
  deps: Pick<Dependencies, 'records' | 'idempotency'>,
  { subjectRequestId, actor }: OpenDsrPlace,
): Promise<OpenDsrRecord | undefined> {
  const requestId = await deps.idempotency.find(digestOfKey(actor, keyOf(subjectRequestId)));
  const record = requestId && (await deps.records.read(requestId));
  return record && isOpenDsr(record) ? record : undefined;
}

/** What was cancelled may be withdrawn again. */
const isWithdrawable = ({ state, touchedUpstream }: RequestRecord): boolean =>
  state === 'cancelled' || openDsrStatus(state, touchedUpstream) === 'pending';

/** Withdraws a request while it is pending, as it is when that is written; `too-late` after that. */
export async function withdrawOpenDsr(
  deps: Pick<Dependencies, 'clock' | 'records' | 'queues' | 'idempotency'>,
  place: OpenDsrPlace,
): Promise<'missing' | 'too-late' | OpenDsrRecord> {
  const record = await findOpenDsr(deps, place);
  if (!record) return 'missing';
  const { requestId } = record;
  const reason = 'The controller withdrew it.';
  const cancelled = await cancel(deps, { requestId, reason, actor: place.actor, onlyIf: isWithdrawable });
  return cancelled.kind === 'cancelled' ? record : 'too-late';
}
