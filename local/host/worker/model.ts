import type { FunctionMetadata } from '../contract.ts';

/**
 * The part of `@azure/functions-core` that the library and a worker share. Its types aren't published on npm; these follow what
 * `@azure/functions` 4.x imports (`src/ProgrammingModel.ts`, `src/InvocationModel.ts`).
 */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;
export type HookCallback = (context: Record<string, unknown>) => unknown;

/** RpcTypedData with one member set; the others may be null. */
export type RpcData = Readonly<Record<string, unknown>>;

export interface InvocationResponse {
  readonly returnValue?: RpcData | null | undefined;
  readonly outputData?: readonly { readonly name?: string | null; readonly data?: RpcData | null }[] | null;
}

export interface CoreContext {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  readonly request: {
    readonly inputData: readonly { readonly name: string; readonly data: RpcData }[];
    readonly triggerMetadata: Readonly<Record<string, RpcData>>;
    /** W3C Trace Context of the host's own span around the invocation. */
    readonly traceContext: { readonly traceParent: string; readonly traceState: string };
  };
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: string, category: string, message: string): void;
}
