import type { DurableHttpAnswer, DurableHttpRequest } from '../../contract.ts';
import { eventType, type HistoryEvent, timestamp } from '../protocol/events.ts';
import { hasEnded } from '../store/instances.ts';
import { accepted, gone, notFound, refusal } from './answers.ts';
import { type ApiParts, jsonBody } from './request.ts';

/** `POST /instances/{instanceId}/raiseEvent/{eventName}` */
export function raiseEvent(
  api: ApiParts,
  request: DurableHttpRequest,
  [id = '', name = '']: readonly string[],
): DurableHttpAnswer {
  const unreachable = whyUnreachable(api, id);
  if (unreachable) return unreachable;
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') return refusal(400, 'Only application/json request content is supported');
  const input = jsonBody(request.body);
  if (input === undefined) return refusal(400, 'Invalid JSON content');
  return send(api, id, { ...now(api), EventType: eventType.EventRaised, Name: name, Input: input });
}

/** `POST /instances/{instanceId}/terminate` */
export function terminate(
  api: ApiParts,
  { query }: DurableHttpRequest,
  [id = '']: readonly string[],
): DurableHttpAnswer {
  return send(api, id, { ...now(api), EventType: eventType.ExecutionTerminated, Input: query.get('reason') });
}

/** `POST /instances/{instanceId}/suspend` */
export function suspend(api: ApiParts, { query }: DurableHttpRequest, [id = '']: readonly string[]): DurableHttpAnswer {
  return send(api, id, { ...now(api), EventType: eventType.ExecutionSuspended, Reason: query.get('reason') });
}

/** `POST /instances/{instanceId}/resume` */
export function resume(api: ApiParts, { query }: DurableHttpRequest, [id = '']: readonly string[]): DurableHttpAnswer {
  return send(api, id, { ...now(api), EventType: eventType.ExecutionResumed, Reason: query.get('reason') });
}

/** `POST /instances/{instanceId}/rewind` */
export function rewind(api: ApiParts, _: DurableHttpRequest, [id = '']: readonly string[]): DurableHttpAnswer {
  return whyUnreachable(api, id) ?? refusal(501, 'The rewind operation is not supported locally.');
}

function now(api: ApiParts) {
  return { EventId: -1, Timestamp: timestamp(api.hub.now()) };
}

/** Sends to whatever generation is the present one when it is seen. */
function send(api: ApiParts, instanceId: string, event: HistoryEvent): DurableHttpAnswer {
  const { store, wake } = api.hub;
  return store.transaction(() => {
    const unreachable = whyUnreachable(api, instanceId);
    if (unreachable) return unreachable;
    store.messages.append(instanceId, null, event);
    wake.instance(instanceId);
    return accepted;
  });
}

function whyUnreachable(api: ApiParts, instanceId: string): DurableHttpAnswer | undefined {
  const instance = api.hub.store.instances.find(instanceId);
  if (!instance) return notFound;
  return hasEnded(instance.status) ? gone : undefined;
}
