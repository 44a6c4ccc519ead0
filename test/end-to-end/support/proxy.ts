import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request on its way through a proxy. */
export interface Passing {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** An answer on its way back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What a test does to a request. `cut`: the client sees its connection break off instead of an answer. */
export interface Interference {
  /** Before it is forwarded; an answer is given instead of forwarding it. */
  readonly before?: (passing: Passing) => 'cut' | 'pass' | Answer;
  /** After the effect, before the client learns of it. */
  readonly after?: (passing: Passing, status: number, body: Buffer) => 'cut' | 'pass' | Promise<'cut' | 'pass'>;
}

export interface RunningProxy {
  readonly url: string;
  /** Sends a request to where the proxy leads, once more. */
  repeat(passing: Passing): Promise<number>;
  stop(): Promise<void>;
}

/** An HTTP proxy on loopback that leads to one origin. Signatures of storage requests don't cover host and port, so they stay valid. */
export async function startProxy(origin: string, interference: Interference): Promise<RunningProxy> {
  const agent = new Agent({ keepAlive: true });
  const forward = (passing: Passing) => send(origin, agent, passing);
  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, response) => {
    carry(incoming, response, { forward, interference }).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    repeat: async (passing) => (await forward(passing)).status,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

async function carry(
  incoming: IncomingMessage,
  response: ServerResponse,
  { forward, interference }: { forward: (passing: Passing) => Promise<Answer>; interference: Interference },
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const passing: Passing = { method, url, headers, body: await buffer(incoming) };
  const instead = interference.before?.(passing) ?? 'pass';
  if (instead === 'cut') return void response.destroy();
  const answer = instead === 'pass' ? await forward(passing) : instead;
  if ((await interference.after?.(passing, answer.status, answer.body)) === 'cut') return void response.destroy();
  const { 'transfer-encoding': _, ...kept } = answer.headers;
  response.writeHead(answer.status, kept);
  response.end(answer.body);
}

function send(origin: string, agent: Agent, { method, url, headers, body }: Passing): Promise<Answer> {
  const { 'transfer-encoding': _, ...kept } = headers;
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(origin), {
      agent,
      method,
      path: url,
      headers: { ...kept, ...(body.length > 0 ? { 'content-length': body.length } : {}) },
    });
    outgoing.once('error', reject).once('response', (incoming) => {
      const { statusCode = 0, headers: answered } = incoming;
      buffer(incoming).then((content) => resolve({ status: statusCode, headers: answered, body: content }), reject);
    });
    outgoing.end(body);
  });
}
