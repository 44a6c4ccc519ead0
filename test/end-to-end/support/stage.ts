import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAzurite, startAzurite } from '../../../local/host/azurite.ts';
import { type RunningHost, startHost } from '../../../local/host/host.ts';
import type { HostOptions } from '../../../local/host/options.ts';
import type { ObservedAnswer } from '../../../local/simulator/dispatch.ts';
import { type RunningSimulator, startSimulator } from '../../../local/simulator/simulator.ts';
import type { VisionResource } from '../../../local/simulator/world/model.ts';
import type { WorldOptions } from '../../../local/simulator/world/options.ts';
import { buildApp } from '../../../scripts/build-app.ts';
import { checkedAnswers } from '../../local/simulator/checked.ts';
import { HostClock } from './host-clock.ts';
import { Portal } from './portal.ts';
import { type Interference, type RunningProxy, startProxy } from './proxy.ts';
import { type Managed, type Registered, resourceOptions, targetSettings } from './targets.ts';
import { found } from './until.ts';

const root = join(import.meta.dirname, '../../..');

export interface StageOptions {
  readonly targets: readonly Registered[];
  /** Azure ML resources of `world`, registered too. */
  readonly managed?: readonly Managed[];
  readonly world?: Omit<WorldOptions, 'resources'>;
  /** App settings besides those that follow from the rest. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly workers?: number;
  /** Longest pause between two looks into an empty queue. With much to do, storage has better to answer than that nothing is there. */
  readonly pollingMilliseconds?: number;
  /** The app is going to be killed: whoever reads asks again until there is an answer. */
  readonly patient?: boolean;
  /** The app as it is deployed, not its source: a worker starts sooner. */
  readonly built?: boolean;
  /** The app's clock is the stage's, which can be turned. Not with `built`: there the clock is out of reach. */
  readonly turned?: boolean;
  /** Between app and storage, between app and upstream. */
  readonly between?: { readonly storage?: Interference; readonly upstream?: Interference };
}

/** App, storage and upstream services on this machine, for the tests of one file. */
export interface Stage {
  readonly portal: Portal;
  readonly officer: Portal;
  /** Decides where the officer can't. */
  readonly deputy: Portal;
  readonly azurite: RunningAzurite;
  readonly simulator: RunningSimulator;
  readonly host: RunningHost;
  readonly hostOptions: HostOptions;
  readonly storageProxies: readonly RunningProxy[];
  /** Lines that the host and the app have logged. */
  readonly log: readonly string[];
  /** What the published specifications say against answers of the simulator. */
  readonly findings: readonly string[];
  /** Every answer of the simulator. */
  readonly answers: readonly ObservedAnswer[];
  /** The app's, where it is `turned`. */
  readonly clock: HostClock;
  resource(name: string): VisionResource;
  /** Has a timer's function run out of turn, as Azure's portal does; answers before it ends. */
  tick(functionName: string): Promise<void>;
  stop(): Promise<void>;
}

const turnedClock = join(import.meta.dirname, '../app/turned-clock.ts');
const MASTER_KEY = 'master-key';
const KEYS = { portal: 'portal-key', officer: 'officer-key', deputy: 'deputy-key' };
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Short times: what takes minutes for an operator takes seconds here. */
const QUICK = {
  DSR_ROUND_SECONDS: '2',
  DSR_PAUSE_SECONDS: '1',
  DSR_PROOF_SECONDS: '6',
  DSR_PATIENCE_SECONDS: '6',
  DSR_BREAKER_SECONDS: '2',
  DSR_BREAKER_CEILING_SECONDS: '4',
  DSR_WATCHDOG_SCHEDULE: '0 0 0 1 1 *',
};

/** Starts everything; what was started is stopped again when something fails. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  const begun = async <T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    stops.push(() => started.stop());
    return started;
  };
  try {
    return { ...(await build(options, begun, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Begun = <T extends { stop(): Promise<unknown> }>(starting: Promise<T>) => Promise<T>;

async function build(options: StageOptions, begun: Begun, stops: (() => Promise<unknown>)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'end-to-end-'));
  stops.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const observed = observer();
  const azurite = await begun(startAzurite({ dataDirectory: join(folder, 'azurite') }));
  const world = { project: { predictions: 2 }, ...options.world, resources: options.targets.map(resourceOptions) };
  const simulator = await begun(startSimulator({ world, rateLimit: false, onAnswer: observed.see }));
  const { connectionString, storageProxies } = await storageWay(options, azurite, begun);
  const { upstream } = options.between ?? {};
  const gateway = upstream ? (await begun(startProxy(simulator.url, upstream))).url : simulator.url;
  const log: string[] = [];
  const clock = await HostClock.in(folder);
  const hostOptions: HostOptions = {
    appRoot: await appFolder(folder),
    entry: [
      ...(options.turned ? [turnedClock] : []),
      options.built ? await builtApp(folder) : join(root, 'src/functions/main.ts'),
    ],
    dataDirectory: join(folder, 'host'),
    workers: options.workers ?? 1,
    settings: {
      ...settingsFor(options, simulator),
      ...clock.settings,
      AzureWebJobsStorage: connectionString,
      UPSTREAM_GATEWAY: gateway,
    },
    keys: { master: MASTER_KEY, system: 'system-key', functionKeys: KEYS },
    messageLeaseSeconds: 20,
    // Thirty queues asked ten times a second took a third of a core for each file of tests.
    maxPollingMilliseconds: options.pollingMilliseconds ?? 1000,
    wakeOnSentMessages: true,
    stopGraceMilliseconds: 1000,
    log: (line) => log.push(line),
  };
  const host = await begun(startHost(hostOptions));
  const { answers, findings } = observed;
  return {
    portal: new Portal(host.url, KEYS.portal, options.patient),
    officer: new Portal(host.url, KEYS.officer, options.patient),
    deputy: new Portal(host.url, KEYS.deputy, options.patient),
    resource: (name: string) =>
      found(
        simulator.world.resources.find((one) => one.name === name),
        name,
      ),
    tick: (functionName: string) => tick(host, functionName),
    ...{ azurite, simulator, host, hostOptions, storageProxies, log, clock, answers, findings },
  };
}

async function tick({ url }: RunningHost, functionName: string): Promise<void> {
  const { status } = await fetch(`${url}/admin/functions/${functionName}`, {
    method: 'POST',
    headers: { 'x-functions-key': MASTER_KEY, 'content-type': 'application/json' },
    body: '{}',
  });
  if (status !== 202) throw new Error(`${functionName} could not be run: ${status}.`);
}

function observer() {
  const answers: ObservedAnswer[] = [];
  const checked = checkedAnswers();
  const see = (answer: ObservedAnswer) => {
    checked.see(answer);
    answers.push(answer);
  };
  return { answers, findings: checked.findings, see };
}

/** The app's way to storage: straight, or through a proxy for blobs and one for queues. */
async function storageWay({ between }: StageOptions, azurite: RunningAzurite, begun: Begun) {
  const { connectionString, blobUrl, queueUrl } = azurite;
  if (!between?.storage) return { connectionString, storageProxies: [] };
  const blob = await begun(startProxy(new URL(blobUrl).origin, between.storage));
  const queue = await begun(startProxy(new URL(queueUrl).origin, between.storage));
  const through = connectionString
    .replace(new URL(blobUrl).origin, blob.url)
    .replace(new URL(queueUrl).origin, queue.url);
  return { connectionString: through, storageProxies: [blob, queue] };
}

/** The app as it is but for one number: a message whose function failed comes again after one second, not five. */
async function appFolder(folder: string): Promise<string> {
  const hostJson = await readFile(join(root, 'host.json'), 'utf8');
  await writeFile(join(folder, 'host.json'), hostJson.replace('"00:00:05"', '"00:00:01"'));
  return folder;
}

async function builtApp(folder: string): Promise<string> {
  const outputFolder = join(folder, 'app');
  const { entry } = await buildApp({ root, outputFolder });
  return join(outputFolder, entry);
}

function settingsFor(options: StageOptions, simulator: RunningSimulator): Record<string, string> {
  const { endpoint, header } = simulator.identity;
  return {
    ...QUICK,
    ...targetSettings(options, simulator.world.resources),
    DSR_REQUESTS_PER_MINUTE: '60000',
    CALLERS: JSON.stringify(Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, digest(key)]))),
    IDENTITY_ENDPOINT: endpoint,
    IDENTITY_HEADER: header,
    ...options.settings,
  };
}
