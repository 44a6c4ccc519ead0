/**
 * Runs an unchanged Azure Functions app without the Functions host: the genuine `@azure/functions` library in worker processes, HTTP, queue
 * and timer triggers, queue outputs and Durable Functions around it.
 *
 * **It is a host for development and tests.** The genuine Functions host is the reference: where the two differ, this one is wrong. It knows
 * only the bindings listed in `supported.ts` and refuses an app with others.
 */
import { mkdir } from 'node:fs/promises';
import type { DurableHub } from './contract.ts';
import { openDurableExtension } from './durable-extension.ts';
import { findEntries } from './entries.ts';
import { type HostJson, readHostJson } from './host-json.ts';
import type { AdminApi } from './http/admin.ts';
import { Router } from './http/router.ts';
import { HttpServer } from './http/server.ts';
import { Invocations } from './invocations.ts';
import { type HostOptions, type HostSettings, hostOptions } from './options.ts';
import { WorkerPool } from './pool/pool.ts';
import { Queues } from './queue/queues.ts';
import { runByHand } from './run-by-hand.ts';
import { checkSupported } from './supported.ts';
import type { Timer } from './timer/timer.ts';
import { makeTimers } from './timer/timers.ts';
import { workerEnvironment } from './worker-environment.ts';

export interface RunningHost {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  workerPids(): number[];
  /** Takes no further work, waits a little for what runs, and ends every process that it started. */
  stop(): Promise<void>;
}

/** What one start has made so far, so that it can be undone. */
interface Parts {
  readonly settings: HostSettings;
  readonly log: (line: string) => void;
  readonly server: HttpServer;
  readonly pool: WorkerPool;
  readonly queues: Queues;
  timers: Timer[];
  hub: DurableHub | undefined;
  state: ReturnType<AdminApi['state']>;
}

/**
 * Starts the host on 127.0.0.1 and answers once requests are served.
 * @throws when an option, host.json, a binding or the app itself is wrong; nothing is left running then.
 */
export async function startHost({ log, ...given }: HostOptions): Promise<RunningHost> {
  const settings = hostOptions.parse(given);
  const hostJson = await readHostJson(settings.appRoot);
  const entry = settings.entry ?? (await findEntries(settings.appRoot));
  await mkdir(settings.dataDirectory, { recursive: true });
  const server = new HttpServer({ settings, log });
  const port = await server.listen(settings.port);
  const queues = new Queues({ hostJson, settings, log });
  const pool = new WorkerPool({
    entry,
    appRoot: settings.appRoot,
    environment: workerEnvironment(settings.settings, port),
    log,
    workers: settings.workers,
    functionTimeoutMilliseconds: hostJson.functionTimeout,
    ...(settings.wakeOnSentMessages && { onMessageSent: (sent) => queues.notifySent(sent) }),
  });
  const parts: Parts = { settings, log, server, pool, queues, timers: [], hub: undefined, state: 'Initializing' };
  const url = `http://127.0.0.1:${port}`;
  try {
    await startParts(parts, hostJson, url);
  } catch (error) {
    await stopParts(parts);
    throw error;
  }
  let stopping: Promise<void> | undefined;
  return {
    url,
    port,
    workerPids: () => pool.pids(),
    stop() {
      stopping ??= stopParts(parts);
      return stopping;
    },
  };
}

async function startParts(parts: Parts, hostJson: HostJson, url: string): Promise<void> {
  const { pool, queues, server, settings, log } = parts;
  await pool.start();
  checkSupported(pool.functions);
  const router = new Router(pool.functions, hostJson.extensions.http.routePrefix);
  const hub = await openDurableExtension(pool.functions, hostJson, { settings, log });
  parts.hub = hub;
  const invocations = new Invocations({
    pool,
    sendOutputs: (entry, outcome) => queues.sendOutputs(entry, outcome),
    durableClient: hub && (() => hub.clientBinding(url)),
    log,
  });
  parts.timers = makeTimers(pool.functions, { settings, log }, invocations);
  const admin: AdminApi = {
    state: () => parts.state,
    runByHand: (name, input) =>
      runByHand({ name, input }, { functions: pool.functions, timers: parts.timers, invocations }),
  };
  server.serve({ router, invocations, hub, admin });
  hub?.start(pool.functions, invocations);
  await queues.start(pool.functions, invocations);
  for (const timer of parts.timers) await timer.start();
  parts.state = 'Running';
}

async function stopParts(parts: Parts): Promise<void> {
  const { server, pool, queues, timers, hub, settings } = parts;
  parts.state = 'Stopping';
  const grace = settings.stopGraceMilliseconds;
  const drained = Promise.all([queues.stop(), hub?.stop(grace), ...timers.map((timer) => timer.stop())]);
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, grace);
  await Promise.race([drained, late.promise]);
  clearTimeout(timer);
  // What still runs ends with its worker; its messages come back when their leases end.
  await pool.stop(grace);
  await drained;
  await server.close();
}
