import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { mintRequestId, mintTaskId } from '../../../../src/lib/domain/ids.ts';
import { listen } from './support/listening.ts';

const requestId = mintRequestId();
const traceOfRequest = requestId.replaceAll('-', '');
const slice = { name: 'dsr.slice', attributes: { 'dsr.request.id': requestId } } as const;
const call = { name: 'upstream.call', attributes: { 'dsr.operation': 'GetImages' } } as const;

describe('spans', () => {
  it('stand within the one that is open, also when several are open at a time', async () => {
    const { telemetry, spans } = listen();
    const { promise: bothOpen, resolve } = Promise.withResolvers<void>();
    let open = 0;
    const work = () =>
      telemetry.span(slice, async () => {
        open += 1;
        if (open === 2) resolve();
        await bothOpen;
        await telemetry.span(call, async () => telemetry.note({ 'http.response.status_code': 200 }));
      });
    await Promise.all([work(), work()]);
    const slices = spans().filter(({ name }) => name === 'dsr.slice');
    const calls = spans().filter(({ name }) => name === 'upstream.call');
    expect(slices).toHaveLength(2);
    expect(new Set(calls.map(({ parentSpanContext }) => parentSpanContext?.spanId))).toEqual(
      new Set(slices.map((span) => span.spanContext().spanId)),
    );
    expect(calls.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([200, 200]);
  });

  it('belong to the trace of the invocation and point to the span of their request', async () => {
    const { telemetry, spans } = listen();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const from = { traceParent: `00-${traceId}-b7ad6b7169203331-01` };
    await telemetry.span({ ...slice, from }, async () => undefined);
    telemetry.period({
      name: 'dsr.request',
      requestId,
      attributes: {},
      from: new Date('2026-01-01T00:00:00Z'),
      to: new Date('2026-01-03T00:00:00Z'),
    });
    const [worked, request] = spans();
    expect(worked?.spanContext().traceId).toBe(traceId);
    expect(worked?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(worked?.links.map(({ context }) => context.spanId)).toEqual([request?.spanContext().spanId]);
    expect(worked?.links[0]?.context.traceId).toBe(traceOfRequest);
  });

  it('of a request and of its tasks make one trace, and are the same when told twice', () => {
    const { telemetry, spans } = listen();
    const from = new Date('2026-01-01T00:00:00Z');
    const to = new Date('2026-01-03T00:00:00Z');
    const task = { 'dsr.task.id': mintTaskId(1, 3), 'dsr.phase': 'export' };
    for (let time = 0; time < 2; time += 1) {
      telemetry.period({ name: 'dsr.task', requestId, attributes: task, from, to });
      telemetry.period({ name: 'dsr.request', requestId, attributes: { 'dsr.outcome': 'completed' }, from, to });
    }
    const [first, request, second] = spans();
    expect(request?.spanContext().traceId).toBe(traceOfRequest);
    expect(request?.parentSpanContext).toBeUndefined();
    expect(request?.duration).toEqual([2 * 86_400, 0]);
    expect(first?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(first?.spanContext().traceId).toBe(traceOfRequest);
    expect(second?.spanContext()).toEqual(first?.spanContext());
    expect(new Set(spans().map((span) => span.spanContext().spanId))).toHaveLength(2);
  });

  it('tell of an error its class only, and throw it on', async () => {
    const { telemetry, spans, everything } = listen();
    const error = new RangeError('anna.planted@example.org is out of range');
    await expect(telemetry.span(slice, () => Promise.reject(error))).rejects.toBe(error);
    expect(spans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(spans()[0]?.attributes['error.type']).toBe('RangeError');
    expect(await everything()).not.toContain('planted');
  });
});

describe('measurements', () => {
  it('are summed by their attributes; nothing is told of zero', async () => {
    const { telemetry, points } = listen();
    telemetry.count('dsr.items', 3, { 'dsr.family': 'cv-images', 'dsr.outcome': 'saved' });
    telemetry.count('dsr.items', 4, { 'dsr.family': 'cv-images', 'dsr.outcome': 'saved' });
    telemetry.count('dsr.items', 0, { 'dsr.family': 'cv-images', 'dsr.outcome': 'refused' });
    telemetry.gauge('dsr.slices.open', 5);
    telemetry.gauge('dsr.slices.open', 2);
    expect(await points()).toEqual([
      { name: 'dsr.items', attributes: { 'dsr.family': 'cv-images', 'dsr.outcome': 'saved' }, value: 7 },
      { name: 'dsr.slices.open', attributes: {}, value: 2 },
    ]);
  });
});
