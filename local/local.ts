/**
 * `npm run local`: Azurite, the simulated upstream services and the app on the local host, until Ctrl-C. For development and tests; the
 * genuine Functions host is the reference.
 */
import { resolve } from 'node:path';
import { parseLocalArguments } from './arguments.ts';
import { startInstallation } from './installation.ts';
import { demoWorld } from './world.ts';

async function main(): Promise<void> {
  const given = parseLocalArguments(process.argv.slice(2));
  const installation = await startInstallation({
    dataDirectory: resolve(given.data),
    port: given.port,
    workers: given.workers,
    simulator: { world: demoWorld },
    log: given.verbose ? (line) => process.stderr.write(`${line}\n`) : () => {},
    ...(given.upstream === undefined ? {} : { upstream: given.upstream }),
    ...(given.targets === undefined ? {} : { targets: given.targets }),
  });
  const { url, keys, targets, simulator } = installation;
  console.log(`targets  ${targets.join(', ')}`);
  console.log(`keys     portal (submits): ${keys.portal}   officer (decides): ${keys.officer}`);
  if (simulator) console.log(`upstream ${simulator.url} (simulated)`);
  console.log(`ready ${url}`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      installation.stop().then(() => process.exit(0), fail);
    });
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
