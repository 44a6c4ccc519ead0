import {
  AggregationTemporality,
  InMemoryMetricExporter,
  type InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { FreshGaugeExporter } from '../../../../src/lib/app/telemetry/otlp.ts';

/** Keeps what the genuine exporter would send as it would be sent; nothing connects. */
class KeepingExporter extends InMemoryMetricExporter {
  readonly #genuine = new FreshGaugeExporter();
  override selectAggregationTemporality(instrument: InstrumentType): AggregationTemporality {
    return this.#genuine.selectAggregationTemporality(instrument);
  }
}

it('A value of the moment is sent once; a sum is sent again and again', async () => {
  const exporter = new KeepingExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('test');
  const gauge = meter.createGauge('gauge');
  meter.createCounter('counter').add(1);
  const sent = async () => {
    await reader.forceFlush();
    const last =
      exporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? [];
    return Object.fromEntries(last.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]));
  };
  gauge.record(3);
  expect(await sent()).toEqual({ gauge: 3, counter: 1 });
  expect(await sent()).toEqual({ counter: 1 });
  gauge.record(4);
  expect(await sent()).toEqual({ gauge: 4, counter: 1 });
  await provider.shutdown();
});
