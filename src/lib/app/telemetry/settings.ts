import { z } from 'zod';

/** Where telemetry goes. The exporters read the other `OTEL_EXPORTER_OTLP_…` settings themselves: paths, headers, timeouts, compression. */
export interface TelemetrySettings {
  readonly traces: boolean;
  readonly metrics: boolean;
  readonly metricSeconds: number;
}

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional();
const exporter = z.enum(['otlp', 'none'], 'must be otlp or none').default('otlp');

/** Names and defaults of the OpenTelemetry specification (OTLP Exporter Configuration; Environment Variable Specification). */
const schema = z
  .object({
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: z
      .enum(['http/json', 'http/protobuf'], 'must be http/protobuf or http/json')
      .optional(),
    OTEL_TRACES_EXPORTER: exporter,
    OTEL_METRICS_EXPORTER: exporter,
    OTEL_METRIC_EXPORT_INTERVAL: z.coerce.number().int().positive().default(60_000),
    OTEL_SDK_DISABLED: z.string().optional(),
  })
  .transform((given) => ({
    disabled: given.OTEL_SDK_DISABLED?.toLowerCase() === 'true',
    traces:
      given.OTEL_TRACES_EXPORTER === 'otlp' &&
      (given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined,
    metrics:
      given.OTEL_METRICS_EXPORTER === 'otlp' &&
      (given.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined,
    metricSeconds: given.OTEL_METRIC_EXPORT_INTERVAL / 1000,
  }));

/**
 * Undefined where no endpoint is set: then nothing of OpenTelemetry is loaded. An empty setting counts as not set.
 * @throws ZodError that names settings.
 */
export function telemetrySettingsFrom(
  environment: Readonly<Record<string, string | undefined>>,
): TelemetrySettings | undefined {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  if (!Object.keys(given).some((name) => /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS)_)?ENDPOINT$/.test(name))) {
    return undefined;
  }
  const { disabled, traces, metrics, metricSeconds } = schema.parse(given);
  return disabled || !(traces || metrics) ? undefined : { traces, metrics, metricSeconds };
}
