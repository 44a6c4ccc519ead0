import type { DurableHub } from '../contract.ts';
import { type Exchange, headersOf, readBody } from './exchange.ts';

export const DURABLE_PATH = '/runtime/webhooks/durabletask';

/** The durable extension's HTTP API, once the system key was seen. */
export async function handleDurable({ request, response, method, query }: Exchange, hub: DurableHub): Promise<void> {
  // The extension decodes the segments itself.
  const [rawPath = ''] = (request.url ?? '').split('?');
  const body = (await readBody(request)).toString();
  const result = await hub.handleHttp({
    method,
    path: rawPath.slice(DURABLE_PATH.length) || '/',
    query,
    headers: headersOf(request),
    body,
  });
  response.writeHead(result.status, result.headers).end(result.body);
}
