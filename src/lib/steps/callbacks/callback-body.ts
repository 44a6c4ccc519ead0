import type { Change } from '../../domain/callback.ts';
import type { RequestRecord } from '../../domain/request.ts';

/** What a callback says: what happened, ids and states only. The names of the members are those that Standard Webhooks recommends. */
export const callbackBody = (
  { requestId }: Pick<RequestRecord, 'requestId'>,
  { seq, at, state, notice }: Change,
): string =>
  JSON.stringify({ type: `request.${notice ?? 'state-changed'}`, timestamp: at, data: { requestId, state, seq } });
