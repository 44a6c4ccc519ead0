import { once } from 'node:events';
import { Agent, createServer } from 'node:https';
import { connect } from 'node:tls';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/lib/domain/clock.ts';
import { createUpstream, type Upstream } from '../../../src/lib/upstream/upstream.ts';
import { credential, freePace, KEY, keyTarget, readThing } from './fixture.ts';
import { certificate, privateKey } from './support/self-signed.ts';

const thing = { operation: readThing, parameters: { thingId: 'a' } };

/** A TLS server on loopback that lives as long as the test, and the keys that came to it. */
async function serveTls(): Promise<{ port: number; keys: unknown[] }> {
  const keys: unknown[] = [];
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    keys.push(request.headers['training-key']);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"a"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return { port: address.port, keys };
}

interface Way {
  readonly port: number;
  /** Certificates that are trusted; without, the machine's own. */
  readonly ca?: string;
  /** The name that is asked for, and looked for in the certificate. */
  readonly host?: string;
}

/** The app's own calls, without a gateway: the name resolves to the server. */
function upstreamOver({ port, ca, host = 'studio.cognitiveservices.azure.com' }: Way): Upstream {
  const agent = new Agent();
  agent.createConnection = () =>
    connect({ host: '127.0.0.1', port, servername: host, ...(ca === undefined ? {} : { ca }) });
  const inner = createDefaultHttpClient();
  const httpClient: HttpClient = { sendRequest: (request) => inner.sendRequest(Object.assign(request, { agent })) };
  const secret = () => KEY;
  return createUpstream({ credential, secret, clock: systemClock, pace: freePace(), httpClient, retries: 0 });
}

describe('a server whose certificate', () => {
  test('is trusted and bears its name is asked', async () => {
    const { port, keys } = await serveTls();
    expect(await upstreamOver({ port, ca: certificate }).send(keyTarget, thing)).toMatchObject({ kind: 'ok' });
    expect(keys).toEqual([KEY]);
  });

  test.each([
    ['nobody vouches for', {}],
    ['bears another name', { ca: certificate, host: 'elsewhere.cognitiveservices.azure.com' }],
  ])('%s gets nothing, least of all the key; the call is tried again later', async (_, way) => {
    const { port, keys } = await serveTls();
    const verdict = await upstreamOver({ port, ...way }).send(keyTarget, thing);
    expect(verdict).toMatchObject({
      kind: 'busy',
      reason: expect.stringMatching(/^ReadThing: network failure, [A-Z_]*CERT[A-Z_]*$/),
    });
    expect(keys).toEqual([]);
  });
});
