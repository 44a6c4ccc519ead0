import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DurableHub } from '../contract.ts';
import type { Invocations } from '../invocations.ts';
import type { HostSettings } from '../options.ts';
import { type AdminApi, handleAdmin } from './admin.ts';
import { opens, presentedKey } from './authorisation.ts';
import { handleBuffered } from './buffered.ts';
import { DURABLE_PATH, handleDurable } from './durable.ts';
import { answer, type Exchange } from './exchange.ts';
import { decodePath } from './paths.ts';
import type { RouteMatch, Router } from './router.ts';
import { handleStreamed } from './streamed.ts';

/** What the server serves once the app is loaded. */
export interface Served {
  readonly router: Router;
  readonly invocations: Invocations;
  readonly hub: DurableHub | undefined;
  readonly admin: AdminApi;
}

export interface HttpServerOptions {
  readonly settings: HostSettings;
  readonly log: (line: string) => void;
}

/** The host's HTTP side. It listens before the app is loaded, since workers are told its address; until then it answers 503. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #served: Served | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    // Downloads and uploads may take any time.
    this.#server.requestTimeout = 0;
  }

  /** Listens on 127.0.0.1 and answers the port. */
  async listen(port: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#server.once('error', reject);
    this.#server.listen(port, '127.0.0.1', () => resolve(portOf(this.#server.address())));
    return promise;
  }

  serve(served: Served): void {
    this.#served = served;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#dispatch(exchangeOf(request, response));
    } catch (error) {
      this.#options.log(`[host] ${request.method} ${request.url}: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else answer(response, 500);
    }
  }

  async #dispatch(exchange: Exchange): Promise<void> {
    const { path, response } = exchange;
    const served = this.#served;
    if (served === undefined) return answer(response, 503);
    const lower = path.toLowerCase();
    if (lower.startsWith('/admin/')) {
      if (!this.#authorised('admin', exchange)) return answer(response, 401);
      return handleAdmin(exchange, served.admin);
    }
    if (served.hub && lower.startsWith(DURABLE_PATH)) {
      if (!this.#authorised('system', exchange)) return answer(response, 401);
      return handleDurable(exchange, served.hub);
    }
    const match = served.router.find(exchange.method, path);
    if (match === undefined) return answer(response, lower === '/' ? 200 : 404);
    if (!this.#authorised(match.target.authLevel, exchange)) return answer(response, 401);
    return this.#invoke(exchange, match, served.invocations);
  }

  #authorised(level: Parameters<typeof opens>[0], { request, query }: Exchange): boolean {
    return opens(level, presentedKey(request, query), this.#options.settings.keys);
  }

  async #invoke(exchange: Exchange, match: RouteMatch, invocations: Invocations): Promise<void> {
    const worker = await invocations.pickWorker();
    const httpUri = worker?.httpUri;
    if (worker === undefined) return answer(exchange.response, 503);
    if (httpUri === undefined) return handleBuffered(exchange, match, invocations);
    return handleStreamed(exchange, match, {
      worker,
      httpUri,
      idleMilliseconds: this.#options.settings.streamIdleMilliseconds,
      invokeOn: (chosen, invocation) => invocations.invokeOn(chosen, invocation),
    });
  }

  /** Takes no further connection and cuts those that are left. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The HTTP server has no port');
  return address.port;
}

function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const search = at < 0 ? '' : url.slice(at);
  return {
    request,
    response,
    method: request.method ?? 'GET',
    path: decodePath(at < 0 ? url : url.slice(0, at)),
    search,
    query: new URLSearchParams(search),
  };
}
