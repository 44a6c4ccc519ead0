import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type RunningHost, startHost } from '../../../local/host/host.ts';
import type { HostOptions } from '../../../local/host/options.ts';

export const KEYS = { master: 'master-key', system: 'system-key', functionKeys: { portal: 'portal-key' } };

export const appFolder = (name: string): string => fileURLToPath(new URL(`./app/${name}`, import.meta.url));
export const appFile = (name: string): string => fileURLToPath(new URL(`./app/${name}`, import.meta.url));

/** A folder of its own for one test file, gone afterwards. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'local-host-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Far more than anything here takes; below the tests' own limit, so that what a test opened is still closed. */
const LIMIT_MILLISECONDS = 20_000;

/** Awaits a condition. */
export async function eventually<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + LIMIT_MILLISECONDS;
  while (Date.now() < end) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    await pause(20);
  }
  throw new Error(`Never became true: ${condition.toString()}`);
}

export interface Seen {
  readonly function: string;
  readonly pid: number;
  readonly [member: string]: unknown;
}

/** What the test app's functions wrote down, in order. */
export function readSeen(file: string, functionName: string): Seen[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line): Seen => JSON.parse(line)).filter((entry) => entry.function === functionName);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Options for a test host: one file of a test app, short intervals. */
export function testOptions(entry: string, folder: string, changes: Partial<HostOptions> = {}): HostOptions {
  const file = appFile(entry);
  return {
    appRoot: join(file, '..'),
    entry: [file],
    dataDirectory: join(folder, 'data'),
    keys: KEYS,
    maxPollingMilliseconds: 100,
    stopGraceMilliseconds: 200,
    log: () => undefined,
    ...changes,
    settings: { SEEN_FILE: join(folder, 'seen'), TAKE_QUEUE: 'take', HOURLY: '0 0 * * * *', ...changes.settings },
  };
}

export async function startTestHost(...given: Parameters<typeof testOptions>): Promise<AsyncDisposable & RunningHost> {
  const host = await startHost(testOptions(...given));
  return { ...host, [Symbol.asyncDispose]: () => host.stop() };
}
