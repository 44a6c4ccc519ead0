import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { HttpData, InvocationOutcome, Invoker } from '../contract.ts';
import { cookieHeaders } from './cookies.ts';
import { answer, type Exchange, headersOf, readBody } from './exchange.ts';
import { encodeForwardedPath } from './paths.ts';
import type { RouteMatch } from './router.ts';

/** An HTTP function without streams: request and answer travel inside the invocation. */
export async function handleBuffered(exchange: Exchange, match: RouteMatch, invoker: Invoker): Promise<void> {
  const { request, response, method, path, search, query } = exchange;
  const body = await readBody(request);
  const http: HttpData = {
    method,
    url: `http://${request.headers.host ?? 'localhost'}${encodeForwardedPath(path)}${search}`,
    headers: headersOf(request),
    params: match.params,
    query: Object.fromEntries(query),
    ...(body.length > 0 ? { body: { bytesBase64: body.toString('base64') } } : {}),
  };
  const outcome = await invoker.invoke({
    invocationId: randomUUID(),
    functionName: match.target.name,
    inputData: [{ name: match.target.bindingName, data: { http } }],
    triggerMetadata: {},
  });
  if (outcome.kind !== 'completed') return answer(response, 500);
  const result = findHttp(outcome);
  // A handler that returns nothing: 204, as on the genuine host.
  if (result === undefined) return answer(response, 204);
  writeResult(response, result);
}

function findHttp(outcome: InvocationOutcome & { kind: 'completed' }): HttpData | undefined {
  const { returnValue, outputData } = outcome;
  if (returnValue && 'http' in returnValue) return returnValue.http;
  for (const { data } of outputData) if ('http' in data) return data.http;
  return undefined;
}

function writeResult(response: ServerResponse, result: HttpData): void {
  const { body } = result;
  response.statusCode = Number(result.statusCode ?? 200);
  for (const [name, value] of Object.entries(result.headers)) response.setHeader(name, value);
  const cookies = cookieHeaders(Reflect.get(result, 'cookies'));
  if (cookies.length > 0) response.appendHeader('set-cookie', cookies);
  if (body === undefined) response.end();
  else if ('bytesBase64' in body) response.end(Buffer.from(body.bytesBase64, 'base64'));
  else if ('string' in body) response.end(body.string);
  else response.end();
}
