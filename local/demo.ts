/**
 * `npm run demo`: Azurite, simulated upstream services and the app on free ports of this machine; then an export and a delete over HTTP as
 * a portal would make them, with everything that comes of them checked. `--data DIR` says where the demo's folder is made (`.local`).
 */
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { holdingsText, showEmptiness } from './demo/emptiness.ts';
import { showErasure } from './demo/erasure.ts';
import { showExport } from './demo/export.ts';
import { expectThat } from './demo/fault.ts';
import { freshFolder } from './demo/folder.ts';
import { learningText } from './demo/learning-witness.ts';
import type { Scene } from './demo/scene.ts';
import { Screen } from './demo/screen.ts';
import { pathText, secondsSince } from './demo/text.ts';
import { liveLinks, lookUpstream } from './demo/witness.ts';
import { type Installation, startInstallation } from './installation.ts';
import { portalClient } from './portal-client.ts';
import { demoWorld } from './world.ts';

const INTERRUPTED = 130;
const screen = new Screen(process.stdout);
const begin = performance.now();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string', default: '.local' } } });
  const folder = await freshFolder(resolve(values.data), new Date());
  screen.say('DSR Functions: an export and a delete, from end to end, on this machine only.', '');
  screen.fact('folder', pathText(folder));
  const log = createWriteStream(join(folder, 'host.log'));
  const starting = startInstallation({
    dataDirectory: join(folder, 'data'),
    simulator: { world: demoWorld },
    log: (line) => log.write(`${line}\n`),
  });
  const ending = endWith(starting);
  try {
    const installation = await starting;
    if (!ending.begun()) await show(installation, folder);
  } catch (error) {
    // Whoever ended it knows why nothing answers any more.
    if (!ending.begun()) {
      process.exitCode = 1;
      fail(error);
      screen.say(`The host's log: ${pathText(join(folder, 'host.log'))}`);
    }
  }
  await ending.end();
}

function fail(error: unknown): void {
  const sentence = error instanceof Error ? error.message : String(error);
  screen.say('', screen.bad(`demo: failed: ${sentence}`));
}

async function show({ url, keys, simulator }: Installation, folder: string): Promise<void> {
  if (!simulator) throw new Error('The demo needs the simulator.');
  screen.fact(
    'app',
    `${url}/api  (the app on the local host, Azurite as its storage; ready after ${secondsSince(begin)})`,
  );
  const scene: Scene = {
    screen,
    folder,
    simulatorUrl: simulator.url,
    portal: portalClient({ url, key: keys.portal }),
    officer: portalClient({ url, key: keys.officer }),
  };
  const before = await lookUpstream(simulator.url);
  screen.fact(
    'upstream',
    `simulated Azure Custom Vision: ${holdingsText(before)}`,
    `simulated Azure ML: ${learningText(before.learning)}`,
  );
  const live = await liveLinks(before.imageLinks);
  expectThat(
    live === before.imageLinks.length,
    `${before.imageLinks.length - live} images can't be read at the start.`,
  );
  const exported = await showExport(scene);
  const erased = await showErasure(scene);
  const left = await showEmptiness(scene, before, erased);
  screen.say('', `The whole demo took ${secondsSince(begin)}. To make requests of your own: npm run local`);
  const sums = `${exported.totals.saved} items exported, ${erased.totals.erased} items erased, ${left} left`;
  screen.say(`demo: export completed, delete completed, ${sums}`);
}

interface Ending {
  end(): Promise<void>;
  begun(): boolean;
}

/** Ends what was started, once, also on Ctrl-C. A second Ctrl-C doesn't wait: every child ends with this process anyway. */
function endWith(starting: Promise<Installation>): Ending {
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= starting.then(
      (installation) => installation.stop(),
      () => undefined,
    );
    return ending;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(INTERRUPTED);
      process.exitCode = INTERRUPTED;
      screen.say('', `demo: ${signal}, ending everything that was started …`);
      void end();
    });
  }
  return { end, begun: () => ending !== undefined };
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    fail(error);
    process.exit(1);
  },
);
