import { createHash } from 'node:crypto';
import { type SpanContext, TraceFlags } from '@opentelemetry/api';
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import type { RequestId } from '../../domain/ids.ts';

/** Span ids are eight bytes in hex. */
const spanIdOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/**
 * The span of a request: whoever works on it, in whatever process, knows it before it is told. A request's id is a random UUID, and so are
 * sixteen bytes of a trace id.
 */
export const requestSpan = (requestId: RequestId): SpanContext => ({
  traceId: requestId.replaceAll('-', ''),
  spanId: spanIdOf(requestId),
  traceFlags: TraceFlags.SAMPLED,
});

/** Id of the span of something within a request: told twice it is the same span. */
export const spanIdWithin = (requestId: RequestId, ...parts: readonly string[]): string =>
  spanIdOf([requestId, ...parts].join('/'));

/** Random ids, but for a span that is begun under `as`. */
export interface ChosenIds {
  readonly generator: IdGenerator;
  as<T>(ids: { readonly traceId: string; readonly spanId: string }, begin: () => T): T;
}

export function chosenIds(): ChosenIds {
  const random = new RandomIdGenerator();
  let chosen: { readonly traceId: string; readonly spanId: string } | undefined;
  return {
    generator: {
      generateTraceId: () => chosen?.traceId ?? random.generateTraceId(),
      generateSpanId: () => chosen?.spanId ?? random.generateSpanId(),
    },
    // A span is begun synchronously: nobody else's can come between.
    as(ids, begin) {
      chosen = ids;
      try {
        return begin();
      } finally {
        chosen = undefined;
      }
    },
  };
}
