/**
 * `npm run local`: Azurite, the simulated upstream services and the app on the local host, until Ctrl-C. For development and tests; the
 * genuine Functions host is the reference.
 */
import { join, resolve } from 'node:path';
import { type LocalArguments, parseLocalArguments } from './arguments.ts';
import { type Installation, type InstallationOptions, startInstallation } from './installation.ts';
import { lastingWorld } from './simulated-world.ts';
import { namesInTargets, settingsFromEnvironment } from './targets.ts';
import { demoWorld } from './world.ts';

/** A killed process's messages come back after this long, so that a restarted one soon goes on. */
const LEASE_SECONDS = 20;
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const given = parseLocalArguments(process.argv.slice(2));
  const { starting, isEnding } = startUntilSignal(optionsFrom(given));
  const installation = await starting.catch((error: unknown) => {
    // Ctrl-C reaches Azurite and the workers too: whoever ended it knows why it didn't start.
    if (isEnding()) return undefined;
    throw error;
  });
  if (!installation || isEnding()) return;
  const { url, keys, targets, simulator } = installation;
  console.log(`targets  ${targets.join(', ')}`);
  console.log(`upstream ${simulator ? `${simulator.url} (simulated)` : given.upstream}`);
  console.log(`portal   hands requests in with   x-functions-key: ${keys.portal}`);
  console.log(`officer  decides on them with     x-functions-key: ${keys.officer}`);
  console.log(`ready ${url}`);
}

interface Started {
  readonly starting: Promise<Installation>;
  isEnding(): boolean;
}

/** A signal ends whatever was started, also before it is ready. A second one doesn't wait: every child ends with this process anyway. */
function startUntilSignal(options: InstallationOptions): Started {
  let isEnding = false;
  const end = (): void => {
    if (isEnding) process.exit(INTERRUPTED);
    isEnding = true;
    const stopped = starting.then(
      (installation) => installation.stop(),
      () => undefined,
    );
    stopped.then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  const starting = startInstallation(options);
  return { starting, isEnding: () => isEnding };
}

function optionsFrom(given: LocalArguments): InstallationOptions {
  const dataDirectory = resolve(given.data);
  const targets = given.targets === undefined ? undefined : resolve(given.targets);
  const named = targets === undefined ? { names: [], keySettings: [] } : namesInTargets(targets);
  return {
    dataDirectory,
    port: given.port,
    workers: given.workers,
    settings: settingsFromEnvironment(process.env, named),
    messageLeaseSeconds: LEASE_SECONDS,
    log: given.verbose ? (line) => process.stderr.write(`${line}\n`) : () => {},
    ...(given.upstream === undefined
      ? { simulator: lastingWorld(join(dataDirectory, 'upstream.bin'), demoWorld) }
      : { upstream: given.upstream }),
    ...(targets === undefined ? {} : { targets }),
  };
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
