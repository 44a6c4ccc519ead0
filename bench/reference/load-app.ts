/** Loads the app as a worker does, says what that took as one line of JSON, and ends. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const coreUrl = new URL('../../local/host/worker/core.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@azure/functions-core'
      ? { url: coreUrl, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
// Loaded by itself first: it belongs to the worker, not to the app.
await import(coreUrl);
const [entry = ''] = process.argv.slice(2);
const before = process.cpuUsage();
const began = performance.now();
await import(pathToFileURL(entry).href);
const milliseconds = performance.now() - began;
const { user, system } = process.cpuUsage(before);
const cpuMilliseconds = (user + system) / 1000;
console.log(JSON.stringify({ milliseconds, cpuMilliseconds, mebibytes: process.memoryUsage.rss() / 1_048_576 }));
process.exit(0);
