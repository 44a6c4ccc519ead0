import { Agent, request } from 'node:http';
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
  return {
    get: ({ host, url, headers }: Get): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        const options = { agent, hostname, port, path: url, headers: { ...headers, 'x-forwarded-host': host } };
        request(options, (answer) => {
          if (answer.statusCode !== 200) reject(new Error(`${url} was answered ${answer.statusCode}`));
          buffer(answer).then(resolve, reject);
        })
          .once('error', reject)
          .end();
      }),
    close: () => agent.destroy(),
  };
}
