import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Get {
  readonly host: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** GETs over kept connections to the upstream services on loopback. @throws for every answer but 200. */
export function keepAliveClient(origin: string) {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(origin);
  const open = ({ host, url, headers }: Get): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const options = { agent, hostname, port, path: url, headers: { ...headers, 'x-forwarded-host': host } };
      request(options, (answer) => {
        if (answer.statusCode === 200) return resolve(answer);
        answer.resume();
        reject(new Error(`${url} was answered ${answer.statusCode}`));
      })
        .once('error', reject)
        .end();
    });
  return {
    open,
    get: async (wanted: Get): Promise<Buffer> => buffer(await open(wanted)),
    close: () => agent.destroy(),
  };
}
