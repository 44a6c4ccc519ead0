import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import type {
  DurableHttpAnswer,
  DurableHub,
  DurableHubOptions,
  Invocation,
  InvocationOutcome,
  Invoker,
} from '../../../../local/host/contract.ts';
import { openDurableHub } from '../../../../local/host/durable/hub.ts';
import { WorkerPool } from '../../../../local/host/pool/pool.ts';

export interface Status {
  readonly name: string;
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly input: unknown;
  readonly customStatus: unknown;
  readonly output: unknown;
  readonly createdTime: string;
  readonly lastUpdatedTime: string;
  readonly historyEvents?: readonly Record<string, unknown>[];
}

/** Invocations pass through here; a test may look at them or hold them. */
export class RecordingInvoker implements Invoker {
  readonly invocations: Invocation[] = [];
  readonly #inner: Invoker;

  constructor(inner: Invoker) {
    this.#inner = inner;
  }

  invoke(invocation: Invocation): Promise<InvocationOutcome> {
    this.invocations.push(invocation);
    return this.#inner.invoke(invocation);
  }

  count(functionName: string): number {
    return this.invocations.filter((invocation) => invocation.functionName === functionName).length;
  }

  /** JSON documents that a function was given, in order. */
  documents(functionName: string): unknown[] {
    const mine = this.invocations.filter((invocation) => invocation.functionName === functionName);
    return mine.map(({ inputData: [first] }) => {
      if (!first || !('json' in first.data)) throw new Error('not JSON');
      return JSON.parse(first.data.json);
    });
  }
}

/** A worker process with the test app and the genuine libraries in it, and hubs on files of their own. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'durable-hub-'));
  readonly pool: WorkerPool;
  readonly lines: string[] = [];
  readonly #open: RunningHub[] = [];

  constructor() {
    const appRoot = fileURLToPath(new URL('./app', import.meta.url));
    this.pool = new WorkerPool({
      appRoot,
      entry: [join(appRoot, 'orchestrators.ts')],
      environment: { PATH: process.env.PATH ?? '' },
      log: (line) => this.lines.push(line),
      workers: 1,
      functionTimeoutMilliseconds: undefined,
    });
  }

  open(changes: Partial<DurableHubOptions> = {}, invoker: Invoker = this.pool): RunningHub {
    const hub = new RunningHub(this, changes, invoker);
    this.#open.push(hub);
    return hub;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((hub) => hub.hub.stop(1_000)));
    await this.pool.stop(1_000);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A bench for one test file. */
export function useBench(): Bench {
  const bench = new Bench();
  beforeAll(() => bench.pool.start());
  afterAll(() => bench.close());
  return bench;
}

let files = 0;

/** A started hub and the requests that a client makes to it. */
export class RunningHub {
  readonly hub: DurableHub;
  readonly file: string;
  readonly invoker: RecordingInvoker;

  constructor(bench: Bench, changes: Partial<DurableHubOptions>, invoker: Invoker) {
    this.file = changes.file ?? join(bench.folder, `${files++}.sqlite`);
    this.invoker = new RecordingInvoker(invoker);
    this.hub = openDurableHub({
      file: this.file,
      taskHubName: 'TestHub',
      systemKey: 'system-key',
      maxConcurrentActivities: 8,
      maxConcurrentOrchestrations: 8,
      log: (line) => bench.lines.push(line),
      ...changes,
    });
    this.hub.start(bench.pool.functions, this.invoker);
  }

  request(method: string, target: string, body: unknown = undefined): Promise<DurableHttpAnswer> {
    return this.requestWith(method, target, { body: body === undefined ? '' : JSON.stringify(body) });
  }

  requestWith(
    method: string,
    target: string,
    { body = '', headers = {} }: { body?: string; headers?: Record<string, string> },
  ): Promise<DurableHttpAnswer> {
    const { pathname, searchParams } = new URL(target, 'http://localhost:7071');
    const given = { host: 'localhost:7071', 'content-type': 'application/json', ...headers };
    return this.hub.handleHttp({ method, path: pathname, query: searchParams, headers: given, body });
  }

  async start(name: string, id: string, input: unknown = undefined): Promise<string> {
    const answer = await this.request('POST', `/orchestrators/${name}/${id}`, input);
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`);
    return id;
  }

  async raise(id: string, name: string, data: unknown = null): Promise<number> {
    return (await this.request('POST', `/instances/${id}/raiseEvent/${name}`, data)).status;
  }

  async status(id: string, query = ''): Promise<Status> {
    const answer = await this.request('GET', `/instances/${id}${query}`);
    if (answer.status === 404) throw new Error(`${id} is unknown`);
    return JSON.parse(answer.body);
  }

  /** Awaits a condition on an instance; the test's timeout is the limit. */
  async until(id: string, condition: (status: Status) => boolean): Promise<Status> {
    for (;;) {
      const status = await this.status(id);
      if (condition(status)) return status;
      await pause(2);
    }
  }

  ended(id: string): Promise<Status> {
    return this.until(id, ({ runtimeStatus }) => ['Completed', 'Failed', 'Terminated'].includes(runtimeStatus));
  }

  /** Starts an instance and awaits its end. */
  async run(name: string, id: string, input: unknown = undefined): Promise<Status> {
    return this.ended(await this.start(name, id, input));
  }
}

/** Awaits a condition; the test's timeout is the limit. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(2);
}
