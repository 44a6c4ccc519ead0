import type { FunctionMetadata, Invocation, InvocationOutcome, Invoker } from '../contract.ts';
import { type LoadedApp, type WorkerOptions, WorkerProcess } from './worker-process.ts';

export interface PoolOptions extends WorkerOptions {
  readonly workers: number;
  /** After that the worker is killed, as the genuine host restarts it; undefined is without end. */
  readonly functionTimeoutMilliseconds: number | undefined;
}

const REPLACEMENT_RETRY_MILLISECONDS = 500;

/** A fixed number of workers; a dead one is replaced at once, what it ran ends as `worker-died`. */
export class WorkerPool implements Invoker {
  readonly #options: PoolOptions;
  readonly #ready: WorkerProcess[] = [];
  readonly #starting = new Set<WorkerProcess>();
  #waiting: ((worker: WorkerProcess | undefined) => void)[] = [];
  #stopped = false;
  functions: readonly FunctionMetadata[] = [];

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** @throws what the app threw while it was loaded; then no worker is left. */
  async start(): Promise<void> {
    try {
      const apps = await Promise.all(Array.from({ length: this.#options.workers }, () => this.#startWorker()));
      this.functions = apps[0]?.functions ?? [];
    } catch (error) {
      await this.stop(0);
      throw error;
    }
  }

  async #startWorker(): Promise<LoadedApp> {
    const worker = new WorkerProcess(this.#options);
    this.#starting.add(worker);
    try {
      const app = await worker.loaded;
      this.#ready.push(worker);
      void worker.ended.then(() => this.#replace(worker));
      for (const resolve of this.#waiting.splice(0)) resolve(worker);
      return app;
    } catch (error) {
      worker.kill();
      throw error;
    } finally {
      this.#starting.delete(worker);
    }
  }

  async #replace(dead: WorkerProcess): Promise<void> {
    this.#ready.splice(this.#ready.indexOf(dead), 1);
    if (!this.#stopped) this.#options.log(`[host] worker ${dead.pid} ended; starting another`);
    while (!this.#stopped) {
      try {
        await this.#startWorker();
        return;
      } catch (error) {
        this.#options.log(`[host] a new worker failed to start: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, REPLACEMENT_RETRY_MILLISECONDS));
      }
    }
  }

  /** The worker with the least to do; waits while there is none. Undefined once the pool is stopped. */
  async pick(): Promise<WorkerProcess | undefined> {
    if (this.#stopped) return undefined;
    const [first, ...others] = this.#ready.filter((worker) => worker.isConnected);
    if (first === undefined) return new Promise((resolve) => this.#waiting.push(resolve));
    const best = others.reduce((least, next) => (next.runningCount < least.runningCount ? next : least), first);
    // To the end of the line: of those with as little to do, the next pick takes another.
    this.#ready.push(...this.#ready.splice(this.#ready.indexOf(best), 1));
    return best;
  }

  async invoke(invocation: Invocation): Promise<InvocationOutcome> {
    const worker = await this.pick();
    return worker === undefined ? { kind: 'worker-died' } : this.invokeOn(worker, invocation);
  }

  /** For streamed HTTP, where the request must reach the worker that runs the invocation. */
  async invokeOn(worker: WorkerProcess, invocation: Invocation): Promise<InvocationOutcome> {
    const limit = this.#options.functionTimeoutMilliseconds;
    if (limit === undefined) return worker.invoke(invocation);
    const timer = setTimeout(() => {
      this.#options.log(
        `[host] ${invocation.functionName} ${invocation.invocationId}: functionTimeout, worker is killed`,
      );
      worker.kill();
    }, limit);
    const outcome = await worker.invoke(invocation);
    clearTimeout(timer);
    return outcome;
  }

  pids(): number[] {
    return [...this.#ready, ...this.#starting].map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  async stop(graceMilliseconds: number): Promise<void> {
    this.#stopped = true;
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    await Promise.all([...this.#ready, ...this.#starting].map((worker) => worker.stop(graceMilliseconds)));
  }
}
