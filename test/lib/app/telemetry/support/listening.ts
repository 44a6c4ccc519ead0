import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { onTestFinished } from 'vitest';
import { openTelemetry } from '../../../../../src/lib/app/telemetry/open-telemetry.ts';
import type { Telemetry } from '../../../../../src/lib/domain/telemetry.ts';

/** One sum or value: of what, and told by which attributes. */
export interface Point {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

export interface Listening {
  readonly telemetry: Telemetry;
  /** In the order in which they ended. */
  spans(): readonly ReadableSpan[];
  points(): Promise<readonly Point[]>;
  /** Everything that was told, as text to be searched. */
  everything(): Promise<string>;
}

/** OpenTelemetry's own SDK; what it would export stays in memory. */
export function listen(): Listening {
  const spans = new InMemorySpanExporter();
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  const resource = resourceFromAttributes({ 'service.name': 'dsr-functions' });
  const telemetry = openTelemetry({
    resource,
    spanProcessors: [new SimpleSpanProcessor(spans)],
    meters: new MeterProvider({ resource, readers: [reader] }),
  });
  onTestFinished(() => telemetry.shutdown());
  const points = async () => {
    await reader.forceFlush();
    const all = metrics.getMetrics().at(-1)?.scopeMetrics ?? [];
    return all.flatMap(({ metrics: told }) =>
      told.flatMap(({ descriptor: { name }, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({ name, attributes, value })),
      ),
    );
  };
  return {
    telemetry,
    spans: () => spans.getFinishedSpans(),
    points,
    everything: async () => {
      const told = spans.getFinishedSpans().map(({ name, attributes, events, links, status }) => {
        return { name, attributes, events, links, status };
      });
      return JSON.stringify([told, await points()]);
    },
  };
}
