import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface RunningProgram {
  readonly pid: number;
  /** What stood behind `ready` on the program's line. */
  readonly ready: string;
  stop(): Promise<void>;
}

/** Lines that are kept, for when a program ends too soon. */
const LINES_KEPT = 40;

/** Starts a program of this repository and waits for its line `ready …`. @throws with its last lines when it ends before. */
export async function startProgram(words: readonly string[], log?: (line: string) => void): Promise<RunningProgram> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ready = await readyLine(child, log);
  return {
    pid: child.pid ?? 0,
    ready,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function readyLine(child: ChildProcess, log?: (line: string) => void): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const last: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    if (!input) continue;
    createInterface({ input }).on('line', (line) => {
      log?.(line);
      if (line.startsWith('ready')) resolve(line.slice('ready'.length).trim());
      last.push(line);
      if (last.length > LINES_KEPT) last.shift();
    });
  }
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`A program ended (${code}) before it was ready:\n${last.join('\n')}`)));
  return promise;
}
