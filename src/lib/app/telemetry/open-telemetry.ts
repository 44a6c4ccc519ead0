import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { COUNTERS, GAUGES, type Period, type SpanStart, type Telemetry } from '../../domain/telemetry.ts';
import { APP_VERSION } from '../../domain/version.ts';
import { type ChosenIds, chosenIds, requestSpan, spanIdWithin } from './ids.ts';
import { remoteSpan } from './trace-parent.ts';

const SCOPE = 'dsr-functions';

export interface TelemetryParts {
  readonly resource: Resource;
  readonly spanProcessors: readonly SpanProcessor[];
  readonly meters: MeterProvider;
}

/** Telemetry that an operator asked for, until it is shut down. */
export interface OpenTelemetry extends Telemetry {
  /** Exports what is left. */
  shutdown(): Promise<void>;
}

/**
 * Spans and measurements by OpenTelemetry's SDK. Registers nothing globally: neither the host's worker nor a library is instrumented by it.
 * Sampled as `OTEL_TRACES_SAMPLER` says.
 */
export function openTelemetry({ resource, spanProcessors, meters }: TelemetryParts): OpenTelemetry {
  const ids = chosenIds();
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: [...spanProcessors],
    idGenerator: ids.generator,
  });
  const tracer = tracers.getTracer(SCOPE, APP_VERSION);
  const meter = meters.getMeter(SCOPE, APP_VERSION);
  const counters = new Map(Object.entries(COUNTERS).map(([name, told]) => [name, meter.createCounter(name, told)]));
  const gauges = new Map(Object.entries(GAUGES).map(([name, told]) => [name, meter.createGauge(name, told)]));
  const open = new AsyncLocalStorage<Context>();

  const begin = (start: SpanStart): { span: Span; within: Context } => {
    const { name, attributes, from } = start;
    const remote = from && remoteSpan(from);
    const around = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : (open.getStore() ?? ROOT_CONTEXT);
    const requestId = attributes['dsr.request.id'];
    // An invocation belongs to the host's trace; the request that it works on has one of its own.
    const links = requestId === undefined ? [] : [{ context: requestSpan(requestId) }];
    const span = tracer.startSpan(name, { attributes: { ...attributes }, links }, around);
    return { span, within: trace.setSpan(around, span) };
  };
  return {
    listens: true,
    span: (start, work) => {
      const { span, within } = begin(start);
      return open.run(within, () => throughout(span, work));
    },
    note: (attributes) => {
      trace.getSpan(open.getStore() ?? ROOT_CONTEXT)?.setAttributes({ ...attributes });
    },
    period: (period) => tellPeriod(period, tracer, ids),
    count: (counter, value, attributes) => {
      if (value > 0) counters.get(counter)?.add(value, { ...attributes });
    },
    gauge: (gauge, value) => gauges.get(gauge)?.record(value),
    shutdown: async () => {
      await Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
    },
  };
}

/** An error's message may quote a person or a secret: only its class is told. */
async function throughout<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** A request is the root of its trace, its tasks are children of it. Whoever tells it twice tells the same span. */
function tellPeriod(period: Period, tracer: Tracer, ids: ChosenIds): void {
  const { name, requestId, from, to } = period;
  const root = requestSpan(requestId);
  const { 'dsr.task.id': taskId = '', 'dsr.phase': phase = '' } = period.attributes;
  const isRoot = name === 'dsr.request';
  const spanId = isRoot ? root.spanId : spanIdWithin(requestId, taskId, phase);
  const around = isRoot ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, root);
  const attributes = { ...period.attributes, 'dsr.request.id': requestId };
  ids
    .as({ traceId: root.traceId, spanId }, () => tracer.startSpan(name, { attributes, startTime: from }, around))
    .end(to);
}
