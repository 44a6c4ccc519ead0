import { isValidSpanId, isValidTraceId, type SpanContext } from '@opentelemetry/api';
import type { TraceParent } from '../../domain/telemetry.ts';

/** `version-traceid-parentid-flags`; later versions may add fields (W3C Trace Context, 3.2). */
const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** The span that an invocation comes from; undefined where the text isn't one. `tracestate` is other vendors' and is not passed on. */
export function remoteSpan({ traceParent }: TraceParent): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = TRACE_PARENT.exec(traceParent ?? '') ?? [];
  if (!isValidTraceId(traceId) || !isValidSpanId(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
