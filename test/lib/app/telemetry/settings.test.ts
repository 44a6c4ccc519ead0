import { describe, expect, it } from 'vitest';
import { telemetrySettingsFrom } from '../../../../src/lib/app/telemetry/settings.ts';
import { startTelemetry } from '../../../../src/lib/app/telemetry/telemetry.ts';
import { SILENT } from '../../../../src/lib/domain/telemetry.ts';

const endpoint = 'http://127.0.0.1:4318';

describe('whether anything is told', () => {
  it.each([
    ['without an endpoint', {}],
    ['with an empty one', { OTEL_EXPORTER_OTLP_ENDPOINT: '  ' }],
    ['where the SDK is switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'TRUE' }],
    [
      'where no exporter is left',
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    ],
    ['where faults stand in what nobody asked for', { OTEL_METRIC_EXPORT_INTERVAL: 'soon' }],
  ])('%s, nothing is', async (_, environment) => {
    expect(telemetrySettingsFrom(environment)).toBeUndefined();
    expect(await startTelemetry(telemetrySettingsFrom(environment))).toBe(SILENT);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, { traces: true, metrics: true, metricSeconds: 60 }],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }, { traces: true, metrics: false, metricSeconds: 60 }],
    [
      {
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      },
      { traces: false, metrics: true, metricSeconds: 5 },
    ],
  ])('an endpoint asks for what it is for: %o', (environment, settings) => {
    expect(telemetrySettingsFrom(environment)).toEqual(settings);
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'zipkin' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRIC_EXPORT_INTERVAL: '0' },
  ])('what the app can not do is a fault of the settings: %o', (environment) => {
    expect(() => telemetrySettingsFrom(environment)).toThrow('OTEL_');
  });
});
