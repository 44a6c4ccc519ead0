import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import type { Invocation, InvocationOutcome, Invoker } from '../../../../local/host/contract.ts';
import { openDurableHub } from '../../../../local/host/durable/hub.ts';
import { WorkerPool } from '../../../../local/host/pool/pool.ts';
import { mintRequestId, type RequestId } from '../../../../src/lib/domain/ids.ts';

export interface Script {
  readonly advance?: Readonly<Record<string, unknown>>;
  readonly rounds?: readonly unknown[];
  readonly failing?: readonly number[];
}

export interface Status {
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly historyEvents?: readonly Record<string, unknown>[];
}

/** What the app was asked to do, and what it answered: the orchestrators' actions among it. */
export interface Seen {
  readonly functionName: string;
  readonly input: unknown;
  readonly outcome: InvocationOutcome;
}

/** A worker with the genuine library, the app's orchestrators and scripted activities, on a durable hub of its own. */
export class WorkflowBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'dsr-workflow-'));
  readonly seen: Seen[] = [];
  /** Milliseconds by which the hub's clock is ahead. */
  ahead = 0;
  readonly #pool: WorkerPool;
  readonly #hub = openDurableHub({
    file: join(this.folder, 'hub.sqlite'),
    taskHubName: 'WorkflowTest',
    systemKey: 'system-key',
    maxConcurrentActivities: 8,
    maxConcurrentOrchestrations: 8,
    log: () => undefined,
    now: () => Date.now() + this.ahead,
  });

  constructor() {
    const appRoot = fileURLToPath(new URL('../app', import.meta.url));
    this.#pool = new WorkerPool({
      appRoot,
      entry: [join(appRoot, 'main.ts')],
      environment: { PATH: process.env.PATH ?? '', SCRIPTS: this.folder },
      log: () => undefined,
      workers: 1,
      functionTimeoutMilliseconds: undefined,
    });
  }

  async start(): Promise<void> {
    await this.#pool.start();
    const invoker: Invoker = {
      invoke: async (invocation: Invocation) => {
        const outcome = await this.#pool.invoke(invocation);
        const [first] = invocation.inputData;
        const input: unknown = first && 'json' in first.data ? JSON.parse(first.data.json) : undefined;
        this.seen.push({ functionName: invocation.functionName, input, outcome });
        return outcome;
      },
    };
    this.#hub.start(this.#pool.functions, invoker);
  }

  async close(): Promise<void> {
    await this.#hub.stop(1000);
    await this.#pool.stop(1000);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A request whose activities answer by the script. */
  scripted(script: Script): RequestId {
    const requestId = mintRequestId();
    const whole = { advance: {}, rounds: [], failing: [], ...script };
    writeFileSync(join(this.folder, `${requestId}.json`), JSON.stringify(whole));
    return requestId;
  }

  async begin(name: string, instanceId: string, input: unknown): Promise<void> {
    const { status, body } = await this.#ask('POST', `/orchestrators/${name}/${instanceId}`, input);
    if (status !== 202) throw new Error(`${status} ${body}`);
  }

  async raise(instanceId: string, event: string): Promise<number> {
    return (await this.#ask('POST', `/instances/${instanceId}/raiseEvent/${event}`, {})).status;
  }

  async status(instanceId: string, query = ''): Promise<Status | undefined> {
    const answer = await this.#ask('GET', `/instances/${instanceId}${query}`);
    return answer.status === 404 ? undefined : JSON.parse(answer.body);
  }

  /** Awaits a condition on an instance; the test's timeout is the limit. */
  async until(instanceId: string, condition: (status: Status) => boolean): Promise<Status> {
    for (;;) {
      const status = await this.status(instanceId);
      if (status && condition(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  ended(instanceId: string): Promise<Status> {
    return this.until(instanceId, ({ runtimeStatus }) => ['Completed', 'Failed'].includes(runtimeStatus));
  }

  #ask(method: string, target: string, body?: unknown) {
    const { pathname, searchParams } = new URL(target, 'http://localhost:7071');
    return this.#hub.handleHttp({
      method,
      path: pathname,
      query: searchParams,
      headers: { host: 'localhost:7071', 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
  }
}

/** A bench for one test file. */
export function useWorkflowBench(): WorkflowBench {
  const bench = new WorkflowBench();
  beforeAll(() => bench.start());
  afterAll(() => bench.close());
  return bench;
}
