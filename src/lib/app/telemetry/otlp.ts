import { randomUUID } from 'node:crypto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { APP_VERSION } from '../../domain/version.ts';
import { type OpenTelemetry, openTelemetry } from './open-telemetry.ts';
import type { TelemetrySettings } from './settings.ts';

/** A gauge is told when it was looked at, and then no more: an instance whose watchdog no longer has its turn must not repeat an old value. */
export class FreshGaugeExporter extends OTLPMetricExporter {
  override selectAggregationTemporality(instrument: InstrumentType): AggregationTemporality {
    return instrument === InstrumentType.GAUGE
      ? AggregationTemporality.DELTA
      : super.selectAggregationTemporality(instrument);
  }
}

/**
 * Telemetry over OTLP/HTTP. The exporters read `OTEL_EXPORTER_OTLP_…`, the batches `OTEL_BSP_…`, the resource `OTEL_SERVICE_NAME` and
 * `OTEL_RESOURCE_ATTRIBUTES`, by themselves. An endpoint that doesn't answer costs the app nothing but what is dropped.
 */
export function otlpTelemetry({ traces, metrics, metricSeconds }: TelemetrySettings): OpenTelemetry {
  const named = resourceFromAttributes({
    'service.name': 'dsr-functions',
    'service.version': APP_VERSION,
    // Sums of several processes would be taken for one that jumps.
    'service.instance.id': randomUUID(),
  });
  const resource = defaultResource()
    .merge(named)
    .merge(detectResources({ detectors: [envDetector] }));
  const reader = () =>
    new PeriodicExportingMetricReader({
      exporter: new FreshGaugeExporter(),
      exportIntervalMillis: metricSeconds * 1000,
      exportTimeoutMillis: Math.min(metricSeconds * 1000, 30_000),
    });
  return openTelemetry({
    resource,
    spanProcessors: traces ? [new BatchSpanProcessor(new OTLPTraceExporter())] : [],
    meters: new MeterProvider({ resource, readers: metrics ? [reader()] : [] }),
  });
}
