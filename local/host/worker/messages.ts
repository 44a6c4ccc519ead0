import { z } from 'zod';
import type { FunctionMetadata, Invocation, InvocationOutcome, TypedData } from '../contract.ts';

/** What host and worker say to each other over the child process's ipc channel, as JSON. */
export type ToWorker =
  | { readonly kind: 'invoke'; readonly invocation: Invocation }
  /** Run the `appTerminate` hooks and exit. */
  | { readonly kind: 'stop' };

export type FromWorker =
  /** The app's files are imported. `httpUri` is the library's own HTTP server, when the app enabled streams. */
  | { readonly kind: 'loaded'; readonly functions: readonly FunctionMetadata[]; readonly httpUri?: string }
  | { readonly kind: 'load-failed'; readonly message: string }
  | { readonly kind: 'outcome'; readonly invocationId: string; readonly outcome: InvocationOutcome }
  | { readonly kind: 'log'; readonly line: string }
  /** The app has put a message on a queue by itself. */
  | { readonly kind: 'message-sent'; readonly queue: string; readonly delaySeconds: number };

const httpData = z.looseObject({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  get body() {
    return typedData.exactOptional();
  },
  statusCode: z.string().exactOptional(),
});

const typedData: z.ZodType<TypedData> = z.lazy(() =>
  z.union([
    z.object({ string: z.string() }),
    z.object({ json: z.string() }),
    z.object({ bytesBase64: z.string() }),
    z.object({ int: z.number() }),
    z.object({ double: z.number() }),
    z.object({ http: httpData }),
  ]),
);

const namedData = z.object({ name: z.string(), data: typedData });

const invocation = z.object({
  invocationId: z.string(),
  functionName: z.string(),
  inputData: z.array(namedData),
  triggerMetadata: z.record(z.string(), typedData),
});

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('completed'), returnValue: typedData.exactOptional(), outputData: z.array(namedData) }),
  z.object({
    kind: z.literal('failed'),
    error: z.object({ name: z.string(), message: z.string(), stack: z.string().exactOptional() }),
  }),
]);

const binding = z.looseObject({ type: z.string(), direction: z.string().exactOptional() });
const functionMetadata = z.object({ name: z.string(), bindings: z.record(z.string(), binding) });

export const toWorker: z.ZodType<ToWorker> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('invoke'), invocation }),
  z.object({ kind: z.literal('stop') }),
]);

export const fromWorker: z.ZodType<FromWorker> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded'), functions: z.array(functionMetadata), httpUri: z.string().exactOptional() }),
  z.object({ kind: z.literal('load-failed'), message: z.string() }),
  z.object({ kind: z.literal('outcome'), invocationId: z.string(), outcome }),
  z.object({ kind: z.literal('log'), line: z.string() }),
  z.object({ kind: z.literal('message-sent'), queue: z.string(), delaySeconds: z.number() }),
]);
