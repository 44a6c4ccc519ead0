import { createServer as createPlain, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answering {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Receiver extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly received: readonly Received[];
  stop(): Promise<void>;
}

export interface ReceiverOptions {
  /** Undefined: no answer ever. @param call its number, from 0. */
  readonly answer?: (call: number, received: Received) => Answering | undefined;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A portal's end of callbacks: keeps what comes, on loopback and a free port. */
export async function startReceiver({
  answer = () => ({ status: 204 }),
  tls,
}: ReceiverOptions = {}): Promise<Receiver> {
  const received: Received[] = [];
  const listener: Parameters<typeof createPlain>[1] = async (request, response) => {
    const { method, url: path, headers } = request;
    const one = { method, path, headers, body: await text(request) };
    received.push(one);
    const given = answer(received.length - 1, one);
    if (given) response.writeHead(given.status, given.headers).end('x'.repeat(1000));
  };
  const server: Server = tls ? createServer(tls, listener) : createPlain(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const { port } = address;
  return { port, url: `http://127.0.0.1:${port}`, received, stop, [Symbol.asyncDispose]: stop };
}
