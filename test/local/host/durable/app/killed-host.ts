/** A process with a hub in it, for a test to kill: starts one orchestration and prints a line at each step of it. */
import { fileURLToPath } from 'node:url';
import type { Invocation, InvocationOutcome } from '../../../../../local/host/contract.ts';
import { openDurableHub } from '../../../../../local/host/durable/hub.ts';
import { WorkerPool } from '../../../../../local/host/pool/pool.ts';

const [, , file = ''] = process.argv;
const pool = new WorkerPool({
  appRoot: fileURLToPath(new URL('.', import.meta.url)),
  entry: [fileURLToPath(new URL('./orchestrators.ts', import.meta.url))],
  environment: { PATH: process.env.PATH ?? '' },
  log: () => undefined,
  workers: 1,
  functionTimeoutMilliseconds: undefined,
});
await pool.start();

let steps = 0;
async function step(): Promise<void> {
  steps += 1;
  const written = Promise.withResolvers<void>();
  process.stdout.write(`step ${steps}\n`, () => written.resolve());
  await written.promise;
}

const hub = openDurableHub({
  file,
  taskHubName: 'TestHub',
  systemKey: 'system-key',
  maxConcurrentActivities: 8,
  maxConcurrentOrchestrations: 8,
  log: () => undefined,
});
hub.start(pool.functions, {
  async invoke(invocation: Invocation): Promise<InvocationOutcome> {
    await step();
    const outcome = await pool.invoke(invocation);
    await step();
    return outcome;
  },
});
const headers = { 'content-type': 'application/json' };
const query = new URLSearchParams();
await hub.handleHttp({ method: 'POST', path: '/orchestrators/everything/x', query, headers, body: '' });
const body = JSON.stringify({ from: 'outside' });
await hub.handleHttp({ method: 'POST', path: '/instances/x/raiseEvent/go', query, headers, body });
