/** A worker process: loads the app with the genuine library and carries out what its host sends. Started by `pool/worker-process.ts`. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { FunctionMetadata } from '../contract.ts';
import { appHookData, runInvocation } from './invocation.ts';
import { listenOnLoopbackOnly } from './loopback.ts';
import { type FromWorker, toWorker } from './messages.ts';
import { allFunctions, getModel, runHooks, setLineWriter } from './registry.ts';
import { watchSentMessages } from './sent-messages.ts';

const coreUrl = new URL('./core.ts', import.meta.url).href;

function send(message: FromWorker): void {
  // The channel is gone only when the host is gone; `disconnect` below then ends this process.
  if (process.connected) process.send?.(message);
}

/** `require` and `import` of the one module that the genuine worker provides, from wherever the app's bundle asks for it. */
function provideCore(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== '@azure/functions-core') return nextResolve(specifier, context);
      return { url: coreUrl, format: 'module-typescript', shortCircuit: true };
    },
  });
}

async function loadApp(entries: readonly string[]): Promise<void> {
  for (const entry of entries) await import(pathToFileURL(entry).href);
  const model = getModel();
  if (model === undefined) throw new Error('The app registered no function through @azure/functions');
  await runHooks('appStart', { hookData: {}, appHookData });
  const { HttpUri } = await model.getCapabilities({});
  const functions: FunctionMetadata[] = allFunctions().map(({ metadata }) => metadata);
  send({ kind: 'loaded', functions, ...(HttpUri === undefined ? {} : { httpUri: HttpUri }) });
}

async function receive(raw: unknown): Promise<void> {
  const message = toWorker.parse(raw);
  if (message.kind === 'stop') {
    await runHooks('appTerminate', { hookData: {}, appHookData });
    process.exit(0);
  }
  const outcome = await runInvocation(message.invocation);
  send({ kind: 'outcome', invocationId: message.invocation.invocationId, outcome });
}

listenOnLoopbackOnly();
provideCore();
watchSentMessages((sent) => send({ kind: 'message-sent', ...sent }));
setLineWriter((line) => send({ kind: 'log', line }));
// Ctrl-C in a terminal reaches every process of the group; when a worker ends is its host's to say.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (raw) => void receive(raw));
loadApp(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.send?.({ kind: 'load-failed', message } satisfies FromWorker, () => process.exit(1));
});
