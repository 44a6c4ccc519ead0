import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { RunningAzurite } from '../../local/host/azurite.ts';

/** Storage operations so far. The host's own: it polls queues, takes and deletes their messages. */
export interface StorageCounts {
  /** Of the app, on blobs: each is billed by itself. */
  blob: number;
  /** Of the app, on queues: messages sent. */
  queue: number;
  /** Of the host, on queues. */
  host: number;
  /** Which operations on blobs: method and `comp`. */
  readonly kinds: Record<string, number>;
}

export interface CountingStorage {
  readonly connectionString: string;
  readonly counts: StorageCounts;
  stop(): Promise<void>;
}

/** The way to storage, through proxies that count, or straight. */
export async function countingStorage(azurite: RunningAzurite, counted: boolean): Promise<CountingStorage> {
  const counts: StorageCounts = { blob: 0, queue: 0, host: 0, kinds: {} };
  const { connectionString, blobUrl, queueUrl } = azurite;
  if (!counted) return { connectionString, counts, stop: async () => {} };
  const blob = await startProxy(new URL(blobUrl).origin, (incoming) => countBlob(counts, incoming));
  const queue = await startProxy(new URL(queueUrl).origin, ({ method }) => {
    counts[method === 'POST' ? 'queue' : 'host'] += 1;
  });
  return {
    connectionString: connectionString
      .replace(new URL(blobUrl).origin, blob.url)
      .replace(new URL(queueUrl).origin, queue.url),
    counts,
    stop: async () => void (await Promise.all([blob.stop(), queue.stop()])),
  };
}

function countBlob(counts: StorageCounts, { method, url }: IncomingMessage): void {
  counts.blob += 1;
  const component = new URLSearchParams(url?.split('?')[1]).get('comp');
  const kind = component ? `${method} ${component}` : `${method}`;
  counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1;
}

/** Streams everything through to one origin. Signatures of storage requests don't cover host and port, so they stay valid. */
async function startProxy(origin: string, see: (incoming: IncomingMessage) => void) {
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, response) => {
    see(incoming);
    carry(incoming, response, { origin, agent });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

function carry(incoming: IncomingMessage, response: ServerResponse, to: { origin: string; agent: Agent }): void {
  const { method, url, headers } = incoming;
  const outgoing = request(new URL(to.origin), { agent: to.agent, method, path: url, headers });
  outgoing.once('error', () => response.destroy());
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(outgoing);
}
