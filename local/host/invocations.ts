import type { FunctionMetadata, Invocation, InvocationOutcome, Invoker } from './contract.ts';
import type { WorkerPool } from './pool/pool.ts';
import type { WorkerProcess } from './pool/worker-process.ts';

export interface InvocationsOptions {
  readonly pool: WorkerPool;
  /** Sends the values of output bindings; what it throws makes the invocation fail. */
  readonly sendOutputs: (entry: FunctionMetadata, outcome: InvocationOutcome & { kind: 'completed' }) => Promise<void>;
  /** The value of a `durableClient` input; absent without a durable hub. */
  readonly durableClient: (() => string) | undefined;
  readonly log: (line: string) => void;
}

/** Characters; a failed orchestrator carries its whole state in its message. */
const LONGEST_REASON = 2000;

/** All bindings around a function, whoever triggers it: the durable client goes in, queue outputs go out. */
export class Invocations implements Invoker {
  readonly #options: InvocationsOptions;
  readonly #functions: ReadonlyMap<string, FunctionMetadata>;

  constructor(options: InvocationsOptions) {
    this.#options = options;
    this.#functions = new Map(options.pool.functions.map((entry) => [entry.name, entry]));
  }

  pickWorker(): Promise<WorkerProcess | undefined> {
    return this.#options.pool.pick();
  }

  async invoke(invocation: Invocation): Promise<InvocationOutcome> {
    return this.#finish(invocation, await this.#options.pool.invoke(this.#withInputs(invocation)));
  }

  async invokeOn(worker: WorkerProcess, invocation: Invocation): Promise<InvocationOutcome> {
    return this.#finish(invocation, await this.#options.pool.invokeOn(worker, this.#withInputs(invocation)));
  }

  #withInputs(invocation: Invocation): Invocation {
    const bindings = Object.entries(this.#functions.get(invocation.functionName)?.bindings ?? {});
    const clients = bindings.filter(([, { type }]) => type === 'durableClient');
    const json = clients.length > 0 ? this.#options.durableClient?.() : undefined;
    if (json === undefined) return invocation;
    const added = clients.map(([name]) => ({ name, data: { string: json } }));
    return { ...invocation, inputData: [...invocation.inputData, ...added] };
  }

  async #finish(invocation: Invocation, outcome: InvocationOutcome): Promise<InvocationOutcome> {
    const { functionName, invocationId } = invocation;
    if (outcome.kind === 'failed') {
      const { name, message, stack } = outcome.error;
      const reason = (stack ?? `${name}: ${message}`).slice(0, LONGEST_REASON);
      this.#options.log(`[host] ${functionName} ${invocationId} failed: ${reason}`);
    }
    const entry = this.#functions.get(functionName);
    if (outcome.kind !== 'completed' || entry === undefined) return outcome;
    try {
      await this.#options.sendOutputs(entry, outcome);
      return outcome;
    } catch (error) {
      const message = `Output of ${functionName} couldn't be stored: ${String(error)}`;
      this.#options.log(`[host] ${message}`);
      return { kind: 'failed', error: { name: 'OutputError', message } };
    }
  }
}
