import type { Change } from '../domain/callback.ts';
import type { RequestRecord } from '../domain/request.ts';

/** What a callback says: ids and states only. The names of the members are those that Standard Webhooks recommends. */
export const callbackBody = ({ requestId }: Pick<RequestRecord, 'requestId'>, { seq, at, state }: Change): string =>
  JSON.stringify({ type: 'request.state-changed', timestamp: at, data: { requestId, state, seq } });
