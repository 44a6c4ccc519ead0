import { afterEach, expect, it, vi } from 'vitest';
import { otlpTelemetry } from '../../../../src/lib/app/telemetry/otlp.ts';
import { mintRequestId } from '../../../../src/lib/domain/ids.ts';
import { type Collector, startCollector } from './support/collector.ts';

let collector: Collector | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await collector?.stop();
  collector = undefined;
});

it('Spans and sums go to the endpoint of OTEL_EXPORTER_OTLP_ENDPOINT, with its headers, when the app ends at the latest', async () => {
  collector = await startCollector();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-collector-key=secret');
  vi.stubEnv('OTEL_SERVICE_NAME', 'dsr-of-contoso');
  const telemetry = otlpTelemetry({ traces: true, metrics: true, metricSeconds: 3600 });
  const requestId = mintRequestId();
  await telemetry.span({ name: 'dsr.slice', attributes: { 'dsr.request.id': requestId } }, async () => {
    telemetry.count('dsr.items', 2, { 'dsr.outcome': 'saved' });
  });
  telemetry.gauge('dsr.slices.open', 4);
  await telemetry.shutdown();

  expect(collector.received.map(({ path }) => path).sort()).toEqual(['/v1/metrics', '/v1/traces']);
  expect(collector.received.map(({ headers }) => headers['x-collector-key'])).toEqual(['secret', 'secret']);
  const [named] = collector.resources();
  expect(named).toMatchObject({ 'service.name': 'dsr-of-contoso' });
  expect(collector.spans()).toMatchObject([{ name: 'dsr.slice', attributes: { 'dsr.request.id': requestId } }]);
  expect(collector.metrics()).toEqual(new Set(['dsr.items', 'dsr.slices.open']));
});

it('Sums of two processes can be told apart, and are told as they grow or as what was added', async () => {
  collector = await startCollector();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  for (const preference of ['cumulative', 'delta']) {
    vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', preference);
    const telemetry = otlpTelemetry({ traces: false, metrics: true, metricSeconds: 3600 });
    telemetry.count('dsr.items', 2, { 'dsr.outcome': 'saved' });
    await telemetry.shutdown();
  }
  expect(new Set(collector.resources().map((told) => told['service.instance.id']))).toHaveLength(2);
  const told = collector.received.map(({ text }) => /"aggregationTemporality":(\d)/.exec(text)?.[1]);
  expect(told, 'AggregationTemporality of metrics.proto').toEqual(['2', '1']);
});

it('An endpoint where nobody answers costs nothing but what was to be told', async () => {
  const { url, stop } = await startCollector();
  await stop();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '200');
  const telemetry = otlpTelemetry({ traces: true, metrics: false, metricSeconds: 3600 });
  const work = telemetry.span({ name: 'dsr.slice', attributes: {} }, async () => 'done');
  await expect(work).resolves.toBe('done');
  await expect(telemetry.shutdown()).resolves.toBeUndefined();
});
