import type { CallbackEvent, Change } from '../../domain/callback.ts';
import type { RequestRecord } from '../../domain/request.ts';

/** The body of a callback. */
export function callbackBody(
  { requestId }: Pick<RequestRecord, 'requestId'>,
  { seq, at, state, notice }: Change,
): string {
  const event: CallbackEvent = {
    type: `request.${notice ?? 'state-changed'}`,
    timestamp: at,
    data: { requestId, state, seq },
  };
  return JSON.stringify(event);
}
