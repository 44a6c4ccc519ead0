import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenCredential } from '@azure/core-auth';
import { onTestFinished } from 'vitest';
import type { Operation } from '../../../src/lib/catalog/operation.ts';
import { systemClock } from '../../../src/lib/domain/clock.ts';
import { type Target, targetSchema } from '../../../src/lib/domain/target.ts';
import type { Pace } from '../../../src/lib/upstream/pace.ts';
import { createUpstream, type Upstream, type UpstreamOptions } from '../../../src/lib/upstream/upstream.ts';

export const KEY = 'key-of-the-studio';
export const TOKEN = 'token-of-the-app';

const lowest = {
  name: 'studio',
  kind: 'custom-vision',
  endpoint: 'https://studio.cognitiveservices.azure.com',
} as const;
function parsed<K extends Target['kind']>(kind: K, target: object): Extract<Target, { kind: K }> {
  const of = (candidate: Target): candidate is Extract<Target, { kind: K }> => candidate.kind === kind;
  const whole = targetSchema.parse({ ...target, kind });
  if (!of(whole)) throw new Error(`A target of kind ${kind} was expected.`);
  return whole;
}
export const keyTarget = parsed('custom-vision', { ...lowest, signIn: { kind: 'key', setting: 'STUDIO_KEY' } });
export const entraTarget = parsed('custom-vision', { ...lowest, name: 'studio-entra', signIn: { kind: 'entra' } });
export const accountTarget = parsed('model-management', {
  name: 'models',
  subscriptionId: '11111111-2222-4333-8444-555555555555',
  resourceGroup: 'Group 1',
  account: 'models1',
  location: 'eastus2',
});

const row = { seed: 'extra', row: 'test', confidence: ['spec'] } as const;
export const readThing: Operation = { operation: 'ReadThing', route: 'GET /things/{thingId}', ...row };
export const deleteThing: Operation = { operation: 'DeleteThing', route: 'DELETE /things/{thingId}', ...row };
export const postThing: Operation = { operation: 'PostThing', route: 'POST /things/{thingId}', ...row };
export const listThings: Operation = { operation: 'ListThings', route: 'GET /things', paging: { by: 'whole' }, ...row };
export const pageThings: Operation = {
  operation: 'PageThings',
  route: 'GET /things',
  paging: { by: 'skip-take', take: 3 },
  query: { orderBy: 'Oldest' },
  optionalQuery: ['iterationId'],
  ...row,
};

/** A pace without limits that remembers pauses. */
export function freePace(): Pace & { readonly pauses: Date[] } {
  const pauses: Date[] = [];
  return {
    pauses,
    take: async () => ({ kind: 'go' }),
    pause: async (_, until) => {
      pauses.push(until);
    },
  };
}

export const credential: TokenCredential = {
  getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Service {
  readonly gateway: URL;
  readonly seen: IncomingMessage[];
}

/** A server on loopback that lives as long as the test. The n-th request is answered by the n-th handler, further ones by the last. */
export async function serve(...handlers: Handler[]): Promise<Service> {
  const seen: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    const handler = handlers[Math.min(seen.length, handlers.length - 1)];
    seen.push(request);
    handler?.(request, response);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { gateway: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), seen };
}

/** The pipeline under test, with every request going to `service`. */
export const upstreamTo = (service: Service, more: Partial<UpstreamOptions> = {}): Upstream =>
  createUpstream({
    credential,
    secret: (name) => (name === 'STUDIO_KEY' ? KEY : undefined),
    clock: systemClock,
    pace: freePace(),
    gateway: service.gateway,
    ...more,
  });

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      .end(JSON.stringify(body));
  };

export const empty =
  (status: number, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers).end();
  };

export const text =
  (status: number, type: string, body: string): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

/** Promises `body` and breaks the connection after `sent` bytes of it. */
export const broken =
  (body: string, sent: number, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...headers,
    });
    response.write(body.slice(0, sent), () => response.destroy());
  };
