import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** The part of OTLP's JSON that is looked at here (opentelemetry-proto, trace.proto and metrics.proto). */
const valueSchema = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ intValue: z.coerce.number() }).transform(({ intValue }) => intValue),
  z.object({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
]);
const attributesSchema = z
  .array(z.object({ key: z.string(), value: valueSchema }))
  .transform((all) => Object.fromEntries(all.map(({ key, value }) => [key, value])));
const resourceSchema = z.object({ attributes: attributesSchema });
const placeSchema = z.object({ traceId: z.string(), spanId: z.string() });
const spanSchema = placeSchema.extend({
  name: z.string(),
  parentSpanId: z.string().optional(),
  attributes: attributesSchema,
  links: z.array(placeSchema).default([]),
});
const tracesSchema = z.object({
  resourceSpans: z.array(
    z.object({ resource: resourceSchema, scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) }),
  ),
});
const metricsSchema = z.object({
  resourceMetrics: z.array(
    z.object({
      resource: resourceSchema,
      scopeMetrics: z.array(z.object({ metrics: z.array(z.looseObject({ name: z.string() })) })),
    }),
  ),
});

export type CollectedSpan = z.infer<typeof spanSchema>;

/** One request of an exporter. */
interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** An OTLP/HTTP endpoint on this machine that takes JSON and keeps it. */
export interface Collector {
  readonly url: string;
  readonly received: readonly Received[];
  spans(): readonly CollectedSpan[];
  /** Names of what was measured. */
  metrics(): ReadonlySet<string>;
  /** Attributes of those who told. */
  resources(): readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url ?? '', headers: request.headers, text: await text(request) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const bodies = (path: string): unknown[] =>
    received.filter((one) => one.path === path).map((one) => JSON.parse(one.text));
  const traces = () => bodies('/v1/traces').flatMap((body) => tracesSchema.parse(body).resourceSpans);
  const metrics = () => bodies('/v1/metrics').flatMap((body) => metricsSchema.parse(body).resourceMetrics);
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    spans: () => traces().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    metrics: () =>
      new Set(
        metrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics.map(({ name }) => name))),
      ),
    resources: () => [...traces(), ...metrics()].map(({ resource }) => resource.attributes),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
