import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import { z } from 'zod';

/** A message that the app has put on a queue by itself, with the storage SDK. */
export interface SentMessage {
  readonly queue: string;
  /** It is invisible until then. */
  readonly delaySeconds: number;
}

const finished = z.object({ request: z.instanceof(ClientRequest), response: z.instanceof(IncomingMessage) });

/** Put Message is `POST …/{queue}/messages?visibilitytimeout=N` and is answered 201 (learn.microsoft.com/rest/api/storageservices/put-message). */
const PUT_MESSAGE = /\/([a-z0-9-]+)\/messages(?:\?(.*))?$/;

/** The message that a request to a queue has put there; undefined for any other request. */
export function sentMessage(request: { method: string; path: string }, status: number): SentMessage | undefined {
  const [, queue, query] = PUT_MESSAGE.exec(request.path) ?? [];
  if (request.method !== 'POST' || status !== 201 || queue === undefined) return undefined;
  const delay = Number(new URLSearchParams(query).get('visibilitytimeout') ?? 0);
  return { queue, delaySeconds: Number.isFinite(delay) ? delay : 0 };
}

/** Tells of each message that this process sends to a queue once the service has answered that it is there. */
export function watchSentMessages(tell: (sent: SentMessage) => void): void {
  subscribe('http.client.response.finish', (message) => {
    const seen = finished.safeParse(message);
    if (!seen.success) return;
    const { request, response } = seen.data;
    const sent = sentMessage(request, response.statusCode ?? 0);
    if (sent) tell(sent);
  });
}
