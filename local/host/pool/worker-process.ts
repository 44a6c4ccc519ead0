import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FunctionMetadata, Invocation, InvocationOutcome } from '../contract.ts';
import { type FromWorker, fromWorker, type ToWorker } from '../worker/messages.ts';
import type { SentMessage } from '../worker/sent-messages.ts';

const mainFile = fileURLToPath(new URL('../worker/main.ts', import.meta.url));

export interface WorkerOptions {
  readonly entry: readonly string[];
  readonly appRoot: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** The app has put a message on a queue by itself. */
  readonly onMessageSent?: (sent: SentMessage) => void;
}

export interface LoadedApp {
  readonly functions: readonly FunctionMetadata[];
  readonly httpUri?: string;
}

/** One child process with the app in it. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #log: (line: string) => void;
  readonly #onMessageSent: (sent: SentMessage) => void;
  readonly #running = new Map<string, (outcome: InvocationOutcome) => void>();
  /** Settles once: with the app's functions, or with why it couldn't be loaded. */
  readonly loaded: Promise<LoadedApp>;
  readonly ended: Promise<void>;
  httpUri: string | undefined;

  constructor(options: WorkerOptions) {
    this.#log = options.log;
    this.#onMessageSent = options.onMessageSent ?? (() => {});
    this.#child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--enable-source-maps', mainFile, ...options.entry],
      {
        cwd: options.appRoot,
        env: options.environment,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#log(line));
    }
    const loaded = Promise.withResolvers<LoadedApp>();
    const ended = Promise.withResolvers<void>();
    this.loaded = loaded.promise;
    this.ended = ended.promise;
    this.loaded.then(
      ({ httpUri }) => (this.httpUri = httpUri),
      () => undefined,
    );
    this.#child.on('message', (raw) => this.#receive(fromWorker.parse(raw), loaded));
    this.#child.once('error', (error) => loaded.reject(error));
    this.#child.once('exit', (code, signal) => {
      loaded.reject(new Error(`The worker ended before the app was loaded (${signal ?? `exit code ${code}`})`));
      for (const resolve of this.#running.values()) resolve({ kind: 'worker-died' });
      this.#running.clear();
      ended.resolve();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** False a moment before `ended`: whatever is sent then is lost. */
  get isConnected(): boolean {
    return this.#child.connected;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  #receive(message: FromWorker, loaded: PromiseWithResolvers<LoadedApp>): void {
    switch (message.kind) {
      case 'loaded':
        loaded.resolve(message);
        break;
      case 'load-failed':
        loaded.reject(new Error(message.message));
        break;
      case 'log':
        this.#log(message.line);
        break;
      case 'message-sent':
        this.#onMessageSent(message);
        break;
      case 'outcome':
        this.#running.get(message.invocationId)?.(message.outcome);
        this.#running.delete(message.invocationId);
        break;
    }
  }

  /** Never rejects: a worker that ends first makes it `worker-died`. */
  invoke(invocation: Invocation): Promise<InvocationOutcome> {
    if (!this.#child.connected) return Promise.resolve({ kind: 'worker-died' });
    const { promise, resolve } = Promise.withResolvers<InvocationOutcome>();
    this.#running.set(invocation.invocationId, resolve);
    this.#send({ kind: 'invoke', invocation });
    return promise;
  }

  #send(message: ToWorker): void {
    // An error here means that the process is ending: `exit` settles what runs.
    this.#child.send(message, () => undefined);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Asks it to end by itself and kills it when it takes longer than that. */
  async stop(graceMilliseconds: number): Promise<void> {
    if (this.#child.connected) this.#send({ kind: 'stop' });
    const timer = setTimeout(() => this.kill(), graceMilliseconds);
    await this.ended;
    clearTimeout(timer);
  }
}
