import type { IncomingMessage } from 'node:http';
import type { SimulatedRequest } from './message.ts';

const mostBodyBytes = 1_048_576;

/** Reads a request whole. The host is the one named by the gateway, else the one in `Host`. Throws on a body of more than a megabyte. */
export async function receive(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const forwarded = incoming.headers['x-forwarded-host'];
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostBodyBytes) throw new Error('The body is larger than the simulator reads.');
    chunks.push(bytes);
  }
  return {
    method: incoming.method ?? 'GET',
    host: String(forwarded ?? incoming.headers.host ?? '').toLowerCase(),
    forwarded: forwarded !== undefined,
    path,
    query: new URLSearchParams(query.join('?')),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
