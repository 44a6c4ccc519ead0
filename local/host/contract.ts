/**
 * What the parts of the local host agree on: triggers and the durable hub ask for invocations, the worker pool carries them out.
 * Shapes follow the Functions host's own RPC (`azure-functions-language-worker-protobuf`, FunctionRpc.proto).
 */

/** One binding of a function as `@azure/functions` registers it. */
export interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly [setting: string]: unknown;
}

/** A registered function: its name is unique over all trigger types. */
export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

/** An HTTP request without a stream, as in RpcHttp. */
export interface HttpData {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: TypedData;
  readonly statusCode?: string;
}

/** RpcTypedData: exactly one member is present. Bytes travel as base64 between processes. */
export type TypedData =
  | { readonly string: string }
  | { readonly json: string }
  | { readonly bytesBase64: string }
  | { readonly int: number }
  | { readonly double: number }
  | { readonly http: HttpData };

export interface NamedData {
  readonly name: string;
  readonly data: TypedData;
}

export interface Invocation {
  /** Chosen by the host; also the value of `x-ms-invocation-id` for a streamed HTTP request. */
  readonly invocationId: string;
  readonly functionName: string;
  readonly inputData: readonly NamedData[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
}

/** `worker-died`: the process ended before it answered; the function may have done anything between nothing and all of its work. */
export type InvocationOutcome =
  | { readonly kind: 'completed'; readonly returnValue?: TypedData; readonly outputData: readonly NamedData[] }
  | {
      readonly kind: 'failed';
      readonly error: { readonly name: string; readonly message: string; readonly stack?: string };
    }
  | { readonly kind: 'worker-died' };

/** Runs one invocation on one of the workers; never rejects. */
export interface Invoker {
  invoke(invocation: Invocation): Promise<InvocationOutcome>;
}

/** A request to the durable HTTP API (`/runtime/webhooks/durabletask/...`), already authorised by the host. */
export interface DurableHttpRequest {
  readonly method: string;
  /** Path after `/runtime/webhooks/durabletask`, with its leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface DurableHttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The durable extension of the local host. One hub owns one SQLite file; everything in it survives `kill -9`. */
export interface DurableHub {
  /** Begins or goes on with all work in the file. Functions with orchestration or activity triggers are taken from `functions`. */
  start(functions: readonly FunctionMetadata[], invoker: Invoker): void;
  /** Stops handing out work and waits for what is running, at most `graceMilliseconds`. */
  stop(graceMilliseconds: number): Promise<void>;
  /** JSON text that a `durableClient` input binding receives. `baseUrl` is the host's own, without a slash at its end. */
  clientBinding(baseUrl: string): string;
  handleHttp(request: DurableHttpRequest): Promise<DurableHttpAnswer>;
}

/** Opened by `openDurableHub` in `local/host/durable/hub.ts`. */
export interface DurableHubOptions {
  /** SQLite file; made when missing. */
  readonly file: string;
  readonly taskHubName: string;
  readonly systemKey: string;
  /** As in host.json `extensions.durableTask`. */
  readonly maxConcurrentActivities: number;
  readonly maxConcurrentOrchestrations: number;
  readonly log: (line: string) => void;
  /** Milliseconds since the epoch; real time unless a test turns it. */
  readonly now?: () => number;
}
