import type { Target } from '../domain/target.ts';
import type { MetricAttributes, SpanAttributes, Telemetry } from '../domain/telemetry.ts';

/** What may be told of a call: names of the catalogue and of the data map. */
export interface ToldCall {
  readonly target: Pick<Target, 'name'>;
  /** Name of the operation. */
  readonly name: string;
  readonly verb: string;
  readonly template?: string;
  readonly resend?: number;
}

/** An answer; `body` where it was read to its end. */
interface Told {
  readonly response: { readonly status: number };
  readonly body?: Uint8Array;
}

/** Sends one call within a span, and counts it. Whatever it throws is thrown on. */
export function toldCall<T extends Told>(telemetry: Telemetry, call: ToldCall, sent: () => Promise<T>): Promise<T> {
  return telemetry.span({ name: 'upstream.call', attributes: attributesOf(call) }, async () => {
    if (isRepeated(call)) telemetry.count('dsr.upstream.retries', 1, namesOf(call));
    try {
      const told = await sent();
      tellAnswer(telemetry, call, told);
      return told;
    } catch (error) {
      telemetry.count('dsr.upstream.calls', 1, { ...namesOf(call), 'dsr.outcome': 'no-answer' });
      throw error;
    }
  });
}

const isRepeated = ({ resend = 0 }: ToldCall): boolean => resend > 0;

const namesOf = ({ target, name }: ToldCall): MetricAttributes => ({
  'dsr.target': target.name,
  'dsr.operation': name,
});

const attributesOf = (call: ToldCall): SpanAttributes => ({
  ...namesOf(call),
  'http.request.method': call.verb,
  ...(call.template !== undefined && { 'url.template': call.template }),
  ...(isRepeated(call) && call.resend !== undefined && { 'http.request.resend_count': call.resend }),
});

function tellAnswer(telemetry: Telemetry, call: ToldCall, { response: { status }, body }: Told): void {
  telemetry.note({ 'http.response.status_code': status, ...(status >= 400 && { 'error.type': String(status) }) });
  telemetry.count('dsr.upstream.calls', 1, { ...namesOf(call), 'http.response.status_code': status });
  if (status === 429) telemetry.count('dsr.upstream.throttled', 1, namesOf(call));
  if (body) telemetry.count('dsr.upstream.bytes', body.length, namesOf(call));
}

/** The same bytes, counted as they come. */
export function toldBytes(
  telemetry: Telemetry,
  call: ToldCall,
  body: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (!telemetry.listens) return body;
  return {
    [Symbol.asyncIterator]() {
      const chunks = body[Symbol.asyncIterator]();
      return {
        async next() {
          const chunk = await chunks.next();
          if (!chunk.done) telemetry.count('dsr.upstream.bytes', chunk.value.length, namesOf(call));
          return chunk;
        },
        return: async () => (await chunks.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
