import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { gatewayFrom, gatewayPolicy } from '../../../src/lib/upstream/gateway.ts';
import { createUpstream } from '../../../src/lib/upstream/upstream.ts';
import { credential, freePace } from './fixture.ts';

const loopback = [
  'http://127.0.0.1:8080',
  'http://localhost:1',
  'http://[::1]:9',
  'http://127.9.9.9:80',
  'http://2130706433:80',
];
const elsewhere = [
  'https://127.0.0.1:8080',
  'http://10.0.0.1:80',
  'http://localhost.evil.example',
  'http://127.0.0.1.evil.example',
  'http://0.0.0.0:80',
  'http://[::]:80',
  'http://user@127.0.0.1:80',
  'http://127.0.0.1:80/path',
  'http://127.0.0.1:80/?query',
];

describe('the gateway', () => {
  test.each(loopback)('may be %s', (gateway) => {
    expect(gatewayFrom({ UPSTREAM_GATEWAY: gateway })?.href).toBe(new URL(gateway).href);
    expect(gatewayPolicy(new URL(gateway)).name).toBe('gateway');
  });

  test.each(elsewhere)('may not be %s: neither the setting, nor the policy, nor the pipeline take it', (gateway) => {
    expect(() => gatewayFrom({ UPSTREAM_GATEWAY: gateway })).toThrow('loopback');
    expect(() => gatewayPolicy(new URL(gateway))).toThrow('loopback');
    const dependencies = { credential, secret: () => undefined, clock: { now: () => new Date() }, pace: freePace() };
    expect(() => createUpstream({ ...dependencies, gateway: new URL(gateway) })).toThrow('loopback');
  });

  test.each(['WEBSITE_INSTANCE_ID', 'WEBSITE_SITE_NAME', 'CONTAINER_NAME', 'KUBERNETES_SERVICE_HOST'])(
    'is refused where %s is set',
    (mark) => {
      const environment = { UPSTREAM_GATEWAY: 'http://127.0.0.1:1', [mark]: 'x' };
      expect(() => gatewayFrom(environment)).toThrow(mark);
      expect(gatewayFrom({ [mark]: 'x' })).toBeUndefined();
    },
  );

  test('is allowed beside the identity endpoint, which the local set-up has too', () => {
    const environment = { UPSTREAM_GATEWAY: 'http://127.0.0.1:1', IDENTITY_ENDPOINT: 'http://127.0.0.1:2' };
    expect(gatewayFrom(environment)?.port).toBe('1');
  });

  test('is not quoted when it is no URL', () => {
    expect(() => gatewayFrom({ UPSTREAM_GATEWAY: 'secret text' })).toThrow(/^UPSTREAM_GATEWAY is not a URL\.$/);
  });

  test('shows the real URL again to the policies above it, so that a request can be sent twice', async () => {
    const request = createPipelineRequest({ url: 'https://a.example/p%2Fq?x=%20', headers: createHttpHeaders() });
    const sent: string[] = [];
    const next = async (): Promise<PipelineResponse> => {
      sent.push(`${request.headers.get('x-forwarded-host')} ${request.url}`);
      return { request, status: 200, headers: createHttpHeaders() };
    };
    const policy = gatewayPolicy(new URL('http://127.0.0.1:1'));
    await policy.sendRequest(request, next);
    await policy.sendRequest(request, next);
    expect(sent).toEqual(Array(2).fill('a.example http://127.0.0.1:1/p%2Fq?x=%20'));
    expect(request).toMatchObject({ url: 'https://a.example/p%2Fq?x=%20', allowInsecureConnection: false });
  });
});
