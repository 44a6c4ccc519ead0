import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { HostOptions } from '../../../local/host/options.ts';

const program = fileURLToPath(new URL('../../../local/host/process.ts', import.meta.url));

/** The local host as a process of its own, on one port, which can be killed and comes back on the same data. */
export class HostProcess {
  readonly #optionsFile: string;
  readonly #log: (line: string) => void;
  #child: ChildProcess | undefined;
  #coming: Promise<void> = Promise.resolve();

  private constructor(optionsFile: string, log: (line: string) => void) {
    this.#optionsFile = optionsFile;
    this.#log = log;
  }

  /** Resolves once requests are served. */
  static async start({ log, ...options }: HostOptions): Promise<HostProcess> {
    const file = join(options.dataDirectory, 'options.json');
    await writeFile(file, JSON.stringify(options));
    const host = new HostProcess(file, log);
    await host.#spawn();
    return host;
  }

  /** Undefined between its end and its next start. */
  get pid(): number | undefined {
    return this.#child?.exitCode === null ? this.#child.pid : undefined;
  }

  async #spawn(): Promise<void> {
    const child = spawn(process.execPath, [program, this.#optionsFile], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        this.#log(line);
        if (line.startsWith('ready ')) resolve();
      });
    }
    child.once('exit', () => reject(new Error('The host ended before it was ready.')));
    await promise;
  }

  /** Ends it as a lost machine ends, and starts it again. Its workers notice the lost channel and end by themselves. */
  killAndRestart(): void {
    this.#coming = this.#end('SIGKILL').then(() => this.#spawn());
    // Told to whoever waits for it.
    this.#coming.catch(() => undefined);
  }

  /** Resolves once a restart that is under way is done. @throws when it failed. */
  ready(): Promise<void> {
    return this.#coming;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** @throws when a restart failed. */
  async stop(): Promise<void> {
    await this.#coming;
    await this.#end('SIGTERM');
  }
}
