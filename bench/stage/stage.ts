import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAzurite, startAzurite } from '../../local/host/azurite.ts';
import { type PortalClient, portalClient } from '../../local/portal-client.ts';
import { requestIdSchema } from '../../src/lib/domain/ids.ts';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { openStorage } from '../../src/lib/store/storage.ts';
import { countingStorage, type StorageCounts } from './counting-proxy.ts';
import { childrenOf, cpuSeconds } from './proc.ts';
import { startProgram } from './processes.ts';
import { startUpstream, type Upstream, type UpstreamOptions } from './simulator.ts';
import { keySettings } from './targets.ts';

const ROOT = join(import.meta.dirname, '../..');
const KEYS = { portal: 'portal-key', officer: 'officer-key' };
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface StageOptions extends UpstreamOptions {
  readonly targets: readonly object[];
  /** The file that the workers load. */
  readonly entry: string;
  readonly workers?: number;
  /** App settings besides those that follow from the rest: the defaults are measured. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Storage operations go through a proxy that counts them. */
  readonly counted?: boolean;
  readonly log?: (line: string) => void;
}

/** Azurite, upstream services and the app on the local host, each a process of its own. */
export interface Stage {
  readonly url: string;
  readonly portal: PortalClient;
  readonly officer: PortalClient;
  readonly azurite: RunningAzurite;
  readonly upstream: Upstream;
  /** Zeros unless `counted`. */
  readonly storage: StorageCounts;
  /** A request's record, read from storage straight: to look costs the app nothing and isn't counted. */
  record(requestId: string): Promise<RequestRecord>;
  workerPids(): number[];
  /** Seconds of processor time used so far, by who used it. */
  cpu(): Cpu;
  stop(): Promise<void>;
}

export type Cpu = Record<'worker' | 'host' | 'storage' | 'upstream', number>;

/** Starts everything; what was started is stopped again when something fails. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    return { ...(await build(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(options: StageOptions, stops: (() => Promise<unknown>)[]): Promise<Omit<Stage, 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  stops.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const azurite = await startAzurite({ dataDirectory: join(folder, 'azurite') });
  stops.push(() => azurite.stop());
  const upstream = await startUpstream(folder, options);
  stops.push(() => upstream.stop());
  const counting = await countingStorage(azurite, options.counted ?? false);
  stops.push(() => counting.stop());
  const data = join(folder, 'host');
  await mkdir(data);
  const file = join(folder, 'host.json');
  const settings = { ...settingsOf(options, upstream), AzureWebJobsStorage: counting.connectionString };
  const keys = { master: 'master-key', system: 'system-key', functionKeys: KEYS };
  const { entry, workers = 1 } = options;
  await writeFile(
    file,
    JSON.stringify({ appRoot: ROOT, entry: [entry], dataDirectory: data, workers, settings, keys }),
  );
  const host = await startProgram([join(ROOT, 'local/host/process.ts'), file], options.log);
  stops.push(() => host.stop());
  const url = host.ready;
  const records = recordStore(openStorage({ connection: azurite.connectionString }));
  return {
    url,
    portal: portalClient({ url, key: KEYS.portal }),
    officer: portalClient({ url, key: KEYS.officer }),
    azurite,
    upstream,
    storage: counting.counts,
    record: async (requestId) => {
      const found = await records.read(requestIdSchema.parse(requestId));
      if (!found) throw new Error('The request has no record.');
      return found;
    },
    workerPids: () => childrenOf(host.pid),
    cpu: () => ({
      worker: childrenOf(host.pid).reduce((sum, pid) => sum + cpuSeconds(pid), 0),
      host: cpuSeconds(host.pid),
      storage: cpuSeconds(azurite.pid),
      upstream: cpuSeconds(upstream.pid),
    }),
  };
}

function settingsOf(options: StageOptions, upstream: Upstream): Record<string, string> {
  return {
    TARGETS: JSON.stringify({ targets: options.targets }),
    ...keySettings(upstream.about),
    CALLERS: JSON.stringify({
      portal: { key: digest(KEYS.portal), roles: ['Dsr.Submit'] },
      officer: { key: digest(KEYS.officer), roles: ['Dsr.Approve', 'Dsr.Read', 'Dsr.Operate'] },
    }),
    AUTH_MODE: 'local',
    DSR_REQUESTS_PER_MINUTE: '600000',
    IDENTITY_ENDPOINT: upstream.about.identity.endpoint,
    IDENTITY_HEADER: upstream.about.identity.header,
    UPSTREAM_GATEWAY: upstream.url,
    ...options.settings,
  };
}
