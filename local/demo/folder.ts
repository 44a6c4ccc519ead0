import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^demo-\d{8}-\d{6}(?:-\d+)?$/;

/** How many demo folders stay, the new one among them. */
const KEPT = 3;

/**
 * Makes `demo-YYYYMMDD-HHMMSS` (UTC) in `parent` and removes older demos beyond the last few.
 * @returns the path of the new, empty folder.
 */
export async function freshFolder(parent: string, now: Date): Promise<string> {
  await mkdir(parent, { recursive: true });
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const folder = await makeNew(join(parent, `demo-${stamp}`));
  const all = (await readdir(parent)).filter((name) => NAME.test(name)).sort(byAge);
  for (const old of all.slice(0, -KEPT)) await rm(join(parent, old), { recursive: true, force: true });
  return folder;
}

/** A second demo of the same second gets a number of its own. */
async function makeNew(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}-${number}`;
    try {
      await mkdir(candidate);
      return candidate;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

const byAge = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
