import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings } from '../src/lib/app/settings.ts';
import { untilHealthy } from './health.ts';
import { type RunningAzurite, startAzurite } from './host/azurite.ts';
import { type RunningHost, startHost } from './host/host.ts';
import { workerEnvironment } from './host/worker-environment.ts';
import { keySetting, simulatedTargets } from './simulated-targets.ts';
import { type RunningSimulator, type SimulatorOptions, startSimulator } from './simulator/simulator.ts';
import { namesInTargets } from './targets.ts';

/** Keys of the local function host, made at the first start and kept with its data. */
export interface LocalKeys {
  readonly master: string;
  readonly system: string;
  /** Hands requests in. */
  readonly portal: string;
  /** Decides on them: who asked can't. */
  readonly officer: string;
}

export interface InstallationOptions {
  /** Everything that lasts: Azurite's data, the durable hub's file, keys. */
  readonly dataDirectory: string;
  readonly port?: number;
  readonly workers?: number;
  /** Base URL of other upstream services instead of the bundled simulator. */
  readonly upstream?: string;
  /** The operator's data map, as JSON text or as the path of a file; by default the simulator's resources. */
  readonly targets?: string;
  readonly simulator?: SimulatorOptions;
  /** App settings besides those that follow from the rest. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files that the workers load: the source as it is, unless the build is wanted. */
  readonly entry?: readonly string[];
  readonly messageLeaseSeconds?: number;
  readonly log?: (line: string) => void;
}

/** App, storage and upstream services on this machine. */
export interface Installation {
  readonly url: string;
  readonly keys: LocalKeys;
  readonly azurite: RunningAzurite;
  readonly host: RunningHost;
  readonly simulator: RunningSimulator | undefined;
  readonly targets: readonly string[];
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '..');

/**
 * Starts Azurite, the simulator and the local host with the app, and answers once the app is healthy. What was started is stopped again when
 * something fails.
 * @throws SettingsError with all that the app finds wrong with its settings.
 */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    mkdirSync(options.dataDirectory, { recursive: true });
    const keys = localKeys(join(options.dataDirectory, 'keys.json'));
    const signingKey = localSigningKey(join(options.dataDirectory, 'receipt-signing-key.pem'));
    const azurite = await startAzurite({ dataDirectory: join(options.dataDirectory, 'azurite') });
    stops.push(() => azurite.stop());
    const simulator = options.upstream === undefined ? await startSimulator(options.simulator ?? {}) : undefined;
    if (simulator) stops.push(() => simulator.stop());
    const upstream = upstreamSettings(options, simulator);
    const settings = {
      ...storageSettings(azurite, keys),
      RECEIPT_SIGNING_KEY: signingKey,
      ...upstream.settings,
      ...options.settings,
    };
    // The app would parse them at its first call only, and answer each with a 500: its own message comes now.
    parseSettings(workerEnvironment(settings, 0));
    const host = await startHost({
      appRoot: root,
      entry: [...(options.entry ?? [join(root, 'src/functions/main.ts')])],
      port: options.port ?? 0,
      dataDirectory: join(options.dataDirectory, 'host'),
      workers: options.workers ?? 1,
      settings,
      keys: { master: keys.master, system: keys.system, functionKeys: { portal: keys.portal, officer: keys.officer } },
      messageLeaseSeconds: options.messageLeaseSeconds ?? 60,
      maxPollingMilliseconds: 1000,
      wakeOnSentMessages: true,
      log: options.log ?? (() => {}),
    });
    stops.push(() => host.stop());
    await untilHealthy(host.url);
    return { url: host.url, keys, azurite, host, simulator, targets: upstream.targets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function localKeys(file: string): LocalKeys {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const key = () => randomBytes(24).toString('base64url');
  const keys: LocalKeys = { master: key(), system: key(), portal: key(), officer: key() };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

/** Signs the receipts of this installation; made at the first start. */
function localSigningKey(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(file, pem, { mode: 0o600 });
  return pem;
}

function storageSettings(azurite: RunningAzurite, keys: LocalKeys): Record<string, string> {
  const digest = (key: string) => createHash('sha256').update(key).digest('hex');
  return {
    AzureWebJobsStorage: azurite.connectionString,
    CALLERS: JSON.stringify({
      portal: { key: digest(keys.portal), roles: ['Dsr.Submit'] },
      officer: { key: digest(keys.officer), roles: ['Dsr.Approve', 'Dsr.Read', 'Dsr.Operate'] },
    }),
    // Progress is looked at as often as whoever sits here likes.
    DSR_REQUESTS_PER_MINUTE: '60000',
    AUTH_MODE: 'local',
    DSR_WATCHDOG_SCHEDULE: '0 */2 * * * *',
  };
}

/** Targets, sign-in and the gateway to whatever plays upstream. */
function upstreamSettings(
  options: InstallationOptions,
  simulator: RunningSimulator | undefined,
): { settings: Record<string, string>; targets: readonly string[] } {
  const settings: Record<string, string> = {};
  const gateway = options.upstream ?? simulator?.url;
  if (gateway !== undefined) settings.UPSTREAM_GATEWAY = gateway;
  if (simulator) {
    settings.IDENTITY_ENDPOINT = simulator.identity.endpoint;
    settings.IDENTITY_HEADER = simulator.identity.header;
    for (const resource of simulator.world.resources) settings[keySetting(resource.name)] = resource.keys[0];
  }
  const targets = options.targets ?? JSON.stringify({ targets: simulatedTargets(simulator?.world) });
  settings.TARGETS = targets;
  return { settings, targets: namesInTargets(targets).names };
}
