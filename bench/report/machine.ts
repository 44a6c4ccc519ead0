import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Machine } from './outcome.ts';

const root = join(import.meta.dirname, '../..');
const PACKAGES = ['azurite', 'durable-functions', '@azure/functions', '@azure/storage-blob'];
const versionSchema = z.object({ version: z.string() });

/** Where and with what it is measured. */
export function thisMachine(): Machine {
  const require = createRequire(import.meta.url);
  const versions: Record<string, string> = { node: process.versions.node };
  for (const name of PACKAGES) {
    const [found = ''] =
      require.resolve
        .paths(name)
        ?.map((folder) => join(folder, name, 'package.json'))
        .filter(isThere) ?? [];
    if (found !== '') versions[name] = versionSchema.parse(JSON.parse(readFileSync(found, 'utf8'))).version;
  }
  return {
    date: new Date().toISOString(),
    commit: commit(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGibibytes: Math.round((totalmem() / 1024 ** 3) * 10) / 10,
    system: `${type()} ${release()}`,
    versions,
    loadBefore: loadavg()[0] ?? 0,
  };
}

function isThere(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
