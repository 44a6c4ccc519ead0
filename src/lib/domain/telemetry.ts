import type { RequestId, SliceId, TaskId } from './ids.ts';

/** What spans tell of. `request` and `task` are told once they have ended; the others while they last. */
export const SPANS = [
  'dsr.request',
  'dsr.task',
  'dsr.start',
  'dsr.advance',
  'dsr.round',
  'dsr.slice',
  'dsr.watchdog',
  'dsr.callback',
  'upstream.call',
] as const;
export type SpanName = (typeof SPANS)[number];

/** Sums that only grow. `By`, `{…}`: units as UCUM writes them, which is what OpenTelemetry asks for. */
export const COUNTERS = {
  'dsr.items': { unit: '{item}', description: 'Items of the ledger, by what became of them' },
  'dsr.content.bytes': { unit: 'By', description: 'Contents saved by exports' },
  'dsr.upstream.calls': { unit: '{call}', description: 'Calls upstream, by operation and status' },
  'dsr.upstream.throttled': { unit: '{call}', description: 'Calls upstream that were answered 429' },
  'dsr.upstream.retries': { unit: '{call}', description: 'Calls upstream that repeat one that failed' },
  'dsr.upstream.bytes': { unit: 'By', description: 'Bodies received from upstream' },
} as const satisfies Readonly<Record<string, Instrument>>;
export type Counter = keyof typeof COUNTERS;

/** Values of the moment, told by the watchdog at each of its looks. */
export const GAUGES = {
  'dsr.requests.open': { unit: '{request}', description: 'Requests that have not come to their end' },
  'dsr.requests.oldest.age': { unit: 's', description: 'Age of the oldest of them; 0 where there is none' },
  'dsr.slices.open': { unit: '{slice}', description: 'Slices to be done, as the rounds last saw them' },
} as const satisfies Readonly<Record<string, Instrument>>;
export type Gauge = keyof typeof GAUGES;

interface Instrument {
  readonly unit: string;
  readonly description: string;
}

/**
 * Everything that a measurement may be told by: names of the catalogue, of the operator's data map and of the app's own tables. There is
 * no attribute for a URL, a message or a name that upstream gave, so none can get out.
 */
export interface MetricAttributes {
  readonly 'dsr.family'?: string;
  readonly 'dsr.target'?: string;
  readonly 'dsr.operation'?: string;
  readonly 'dsr.outcome'?: string;
  readonly 'http.response.status_code'?: number;
}

/** The same for spans, with the opaque ids of what is worked on. `error.type`: class of an error or a fact of the app's own, never a message. */
export interface SpanAttributes extends MetricAttributes {
  readonly 'dsr.request.id'?: RequestId;
  readonly 'dsr.run'?: number;
  readonly 'dsr.task.id'?: TaskId;
  readonly 'dsr.slice.id'?: SliceId;
  readonly 'dsr.slice.kind'?: string;
  readonly 'dsr.phase'?: string;
  readonly 'http.request.method'?: string;
  readonly 'http.request.resend_count'?: number;
  readonly 'url.template'?: string;
  readonly 'error.type'?: string;
}

/** Where an invocation comes from, as W3C Trace Context writes it. */
export interface TraceParent {
  readonly traceParent?: string | null | undefined;
}

export interface SpanStart {
  readonly name: SpanName;
  readonly attributes: SpanAttributes;
  /** Without it, or where it can't be read, the span stands within the one that is open. */
  readonly from?: TraceParent | undefined;
}

/** Something that took longer than any process lives: told when it has ended. */
export interface Period {
  readonly name: Extract<SpanName, 'dsr.request' | 'dsr.task'>;
  readonly requestId: RequestId;
  readonly attributes: SpanAttributes;
  readonly from: Date;
  readonly to: Date;
}

/** How the app is watched. Nothing here throws, and nothing waits for an exporter. */
export interface Telemetry {
  /** Whether anybody listens: what only serves to be told need not be found out otherwise. */
  readonly listens: boolean;
  /** Does the work within a span of its own; what it throws is thrown on, and of the error only the class is told. */
  span<T>(start: SpanStart, work: () => Promise<T>): Promise<T>;
  /** Adds to the span that is open. */
  note(attributes: SpanAttributes): void;
  period(period: Period): void;
  count(counter: Counter, value: number, attributes: MetricAttributes): void;
  gauge(gauge: Gauge, value: number): void;
}

/** Nobody listens. */
export const SILENT: Telemetry = {
  listens: false,
  span: (_, work) => work(),
  note: () => undefined,
  period: () => undefined,
  count: () => undefined,
  gauge: () => undefined,
};
