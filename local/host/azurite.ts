import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const watchUrl = new URL('./azurite-watch.ts', import.meta.url).href;
const ACCOUNT = 'devstoreaccount1';
/** Azurite's published development key, the same in every installation. */
const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface AzuriteOptions {
  /** Kept between runs; made when missing. */
  readonly dataDirectory: string;
  /** Any free port where one is absent. */
  readonly ports?: { readonly blob?: number; readonly queue?: number; readonly table?: number };
  /** Paths of a certificate and its key, in PEM: then over https, with tokens of Entra ID too, whose signature Azurite doesn't check. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export interface RunningAzurite {
  readonly connectionString: string;
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  readonly ports: { readonly blob: number; readonly queue: number; readonly table: number };
  readonly pid: number;
  /** Ends it in good order: all data is on disk afterwards. */
  stop(): Promise<void>;
}

/**
 * Starts Azurite as a child process on 127.0.0.1 and waits until its three services listen. It ends with this process,
 * in good order however that ends.
 * @throws with its output when it ends first, for example because a fixed port is taken.
 */
export async function startAzurite(options: AzuriteOptions): Promise<RunningAzurite> {
  await mkdir(options.dataDirectory, { recursive: true });
  const child = spawnAzurite(options);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ports = await listeningPorts(child);
  const scheme = options.tls ? 'https' : 'http';
  const url = (port: number) => `${scheme}://127.0.0.1:${port}/${ACCOUNT}`;
  const [blobUrl, queueUrl, tableUrl] = [url(ports.blob), url(ports.queue), url(ports.table)];
  return {
    connectionString: `DefaultEndpointsProtocol=${scheme};AccountName=${ACCOUNT};AccountKey=${ACCOUNT_KEY};BlobEndpoint=${blobUrl};QueueEndpoint=${queueUrl};TableEndpoint=${tableUrl};`,
    blobUrl,
    queueUrl,
    tableUrl,
    ports,
    pid: child.pid ?? 0,
    async stop() {
      // Its watch turns the lost channel into an orderly end, and into an end at any rate.
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function spawnAzurite({ dataDirectory, ports = {}, tls }: AzuriteOptions): ChildProcess {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  const services = (['blob', 'queue', 'table'] as const).flatMap((service) => [
    `--${service}Host`,
    '127.0.0.1',
    `--${service}Port`,
    String(ports[service] ?? 0),
  ]);
  const secure = tls ? ['--cert', tls.certificate, '--key', tls.key, '--oauth', 'basic'] : [];
  const flags = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--location', dataDirectory];
  return spawn(
    process.execPath,
    [
      '--disable-warning=DEP0040',
      '--disable-warning=ExperimentalWarning',
      '--import',
      watchUrl,
      main,
      ...services,
      ...flags,
      ...secure,
    ],
    {
      env: { ...process.env, AZURITE_DATA_DIRECTORY: dataDirectory },
      // A group of its own: Ctrl-C in a terminal must not end it before those who still write to it.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
}

/** Azurite says each address once it listens there. */
function listeningPorts(child: ChildProcess): Promise<RunningAzurite['ports']> {
  const { promise, resolve, reject } = Promise.withResolvers<RunningAzurite['ports']>();
  const found = new Map<string, number>();
  const output: string[] = [];
  const onLine = (line: string) => {
    output.push(line);
    const match = /^Azurite (Blob|Queue|Table) service is successfully listening at https?:\/\/.*:(\d+)/.exec(line);
    if (match?.[1]) found.set(match[1], Number(match[2]));
    const [blob, queue, table] = [found.get('Blob'), found.get('Queue'), found.get('Table')];
    if (blob && queue && table) resolve({ blob, queue, table });
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', onLine);
  }
  child.once('error', reject);
  child.once('exit', (code) =>
    reject(new Error(`Azurite ended (exit code ${code}) before it listened:\n${output.join('\n')}`)),
  );
  return promise;
}
