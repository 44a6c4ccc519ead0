import { randomUUID } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Invocation } from '../contract.ts';
import type { WorkerProcess } from '../pool/worker-process.ts';
import { answer, type Exchange, headersOf } from './exchange.ts';
import { encodeForwardedPath } from './paths.ts';
import type { RouteMatch } from './router.ts';

export interface Streaming {
  readonly worker: WorkerProcess;
  /** The library's own server inside that worker. */
  readonly httpUri: string;
  readonly idleMilliseconds: number;
  readonly invokeOn: (worker: WorkerProcess, invocation: Invocation) => Promise<unknown>;
}

/** Headers of one connection only (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * An HTTP function in stream mode: the request's bytes go to the worker's own server, the invocation beside them. Only what comes from
 * that server is the answer; a handler that throws sends nothing there, so the client waits until the connection has been idle for too
 * long and then sees 500 [measured: 240 s].
 */
export async function handleStreamed(exchange: Exchange, match: RouteMatch, streaming: Streaming): Promise<void> {
  const invocation = streamInvocation(exchange, match);
  const upstream = forward(exchange, invocation.invocationId, streaming.httpUri);
  const idle = idleTimer(streaming.idleMilliseconds, () => upstream.destroy(new IdleError()));
  const { request, response } = exchange;
  request.on('data', idle.touch);
  response.on('close', () => upstream.destroy());
  void streaming.invokeOn(streaming.worker, invocation);
  try {
    const answered = await responseOf(upstream, request);
    answered.on('data', idle.touch);
    response.writeHead(answered.statusCode ?? 502, answered.statusMessage, withoutHopByHop(answered.rawHeaders));
    await pipeline(answered, response);
  } catch (error) {
    // The worker died, or nothing moved for too long; an answer that has begun can only be cut.
    if (response.headersSent) response.destroy();
    else answer(response, error instanceof IdleError ? 500 : 502);
  } finally {
    idle.stop();
  }
}

class IdleError extends Error {}

function streamInvocation({ request, query }: Exchange, { target, params }: RouteMatch): Invocation {
  return {
    invocationId: randomUUID(),
    functionName: target.name,
    inputData: [
      { name: target.bindingName, data: { http: { method: '', url: '', headers: {}, params: {}, query: {} } } },
    ],
    triggerMetadata: {
      ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
      Headers: { json: JSON.stringify(headersOf(request)) },
      Query: { json: JSON.stringify(Object.fromEntries(query)) },
    },
  };
}

function forward({ request, method, path, search }: Exchange, invocationId: string, httpUri: string): ClientRequest {
  const { host, 'transfer-encoding': framing } = request.headers;
  return httpRequest({
    host: '127.0.0.1',
    port: new URL(httpUri).port,
    method,
    path: `${encodeForwardedPath(path)}${search}`,
    headers: {
      ...Object.fromEntries(Object.entries(headersOf(request)).filter(([name]) => !HOP_BY_HOP.has(name))),
      // Without it a DELETE would go on without framing of its body.
      ...(framing === undefined ? {} : { 'transfer-encoding': 'chunked' }),
      // Otherwise the worker closes the connection with its answer, and an answer to a request that it didn't read is lost.
      connection: 'keep-alive',
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': host ?? 'localhost',
      'x-forwarded-proto': 'http',
    },
    // Not pooled all the same: the worker may close an idle connection at the moment it is taken.
    agent: false,
  });
}

function responseOf(upstream: ClientRequest, request: IncomingMessage): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  upstream.once('response', resolve);
  upstream.on('error', reject);
  upstream.once('close', () => reject(new Error('The worker closed the connection')));
  // A handler may answer without reading its request to the end: what is left of it then goes nowhere, and the answer still counts.
  request.pipe(upstream);
  upstream.once('close', () => request.unpipe(upstream).resume());
  return promise;
}

function withoutHopByHop(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

function idleTimer(milliseconds: number, expired: () => void): { touch: () => void; stop: () => void } {
  const timer = setTimeout(expired, milliseconds);
  return { touch: () => timer.refresh(), stop: () => clearTimeout(timer) };
}
