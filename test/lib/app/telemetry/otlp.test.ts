import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { otlpTelemetry } from '../../../../src/lib/app/telemetry/otlp.ts';
import { mintRequestId } from '../../../../src/lib/domain/ids.ts';

/** The part of OTLP's JSON that is looked at here (opentelemetry-proto, trace.proto and metrics.proto). */
const attribute = z.object({ key: z.string(), value: z.looseObject({ stringValue: z.string().optional() }) });
const resource = z.object({ attributes: z.array(attribute) });
const traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource,
      scopeSpans: z.array(z.object({ spans: z.array(z.object({ name: z.string(), attributes: z.array(attribute) })) })),
    }),
  ),
});
const metrics = z.object({
  resourceMetrics: z.array(
    z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(z.looseObject({ name: z.string() })) })) }),
  ),
});

interface Received {
  readonly path: string;
  readonly header: string | undefined;
  readonly body: unknown;
}

const received: Received[] = [];

async function collector(): Promise<string> {
  const server = createServer(async (request, response) => {
    const header = request.headers['x-collector-key']?.toString();
    received.push({ path: request.url ?? '', header, body: await json(request) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
let stop = (): void => undefined;

afterEach(() => {
  stop();
  vi.unstubAllEnvs();
});

it('Spans and sums go to the endpoint of OTEL_EXPORTER_OTLP_ENDPOINT, with its headers, when the app ends at the latest', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', await collector());
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-collector-key=secret');
  vi.stubEnv('OTEL_SERVICE_NAME', 'dsr-of-contoso');
  const telemetry = otlpTelemetry({ traces: true, metrics: true, metricSeconds: 3600 });
  const requestId = mintRequestId();
  await telemetry.span({ name: 'dsr.slice', attributes: { 'dsr.request.id': requestId } }, async () => {
    telemetry.count('dsr.items', 2, { 'dsr.outcome': 'saved' });
  });
  telemetry.gauge('dsr.slices.open', 4);
  await telemetry.shutdown();

  expect(received.map(({ path }) => path).sort()).toEqual(['/v1/metrics', '/v1/traces']);
  expect(received.map(({ header }) => header)).toEqual(['secret', 'secret']);
  const bodyOf = (path: string) => received.find((one) => one.path === path)?.body;
  const [{ resource: named, scopeSpans } = { resource: undefined, scopeSpans: [] }] = traces.parse(
    bodyOf('/v1/traces'),
  ).resourceSpans;
  expect(named?.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'dsr-of-contoso' } });
  const spans = scopeSpans.flatMap((scope) => scope.spans);
  expect(spans.map(({ name }) => name)).toEqual(['dsr.slice']);
  expect(spans[0]?.attributes).toContainEqual({ key: 'dsr.request.id', value: { stringValue: requestId } });
  const sums = metrics
    .parse(bodyOf('/v1/metrics'))
    .resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  expect(sums.map(({ name }) => name).sort()).toEqual(['dsr.items', 'dsr.slices.open']);
});

it('An endpoint where nobody answers costs nothing but what was to be told', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', await collector());
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '200');
  stop();
  const telemetry = otlpTelemetry({ traces: true, metrics: false, metricSeconds: 3600 });
  const work = telemetry.span({ name: 'dsr.slice', attributes: {} }, async () => 'done');
  await expect(work).resolves.toBe('done');
  await expect(telemetry.shutdown()).resolves.toBeUndefined();
});
