import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { openPromise } from 'yauzl';
import type { Manifest, ManifestVolume } from '../../src/lib/domain/manifest.ts';

/** Whether the totals of a manifest are the sums over what it lists. */
export function totalFaults({ volumes, totals }: Manifest): string[] {
  const entries = volumes.flatMap((volume) => volume.entries);
  const sum = (all: readonly { bytes: number }[]) => all.reduce((bytes, one) => bytes + one.bytes, 0);
  const counted = { volumes: volumes.length, entries: entries.length, bytes: sum(entries), archiveBytes: sum(volumes) };
  return JSON.stringify(counted) === JSON.stringify(totals) ? [] : ["The manifest's totals are not its sums."];
}

/**
 * What is wrong with a volume: size and SHA-256 of the archive and of every file in it are read again, and nothing may be in it that the
 * manifest doesn't name. Nothing is unpacked to disk or kept in memory.
 */
export async function volumeFaults(path: string, volume: ManifestVolume): Promise<string[]> {
  try {
    const faults = differences(volume.name, volume, await measure(createReadStream(path)));
    return [...faults, ...(await entryFaults(path, volume).catch((error: unknown) => [unreadable(volume, error)]))];
  } catch (error) {
    return [unreadable(volume, error)];
  }
}

const unreadable = ({ name }: ManifestVolume, error: unknown): string =>
  `${name} can't be read to its end: ${error instanceof Error ? error.message : 'unknown'}.`;

async function entryFaults(path: string, volume: ManifestVolume): Promise<string[]> {
  const expected = new Map(volume.entries.map((entry) => [entry.path, entry]));
  const faults: string[] = [];
  // strictFileNames and validateEntrySizes: a name that leads out of the folder, or a wrong size, throws.
  const zip = await openPromise(path, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true });
  for await (const entry of zip.eachEntry()) {
    const name = `${volume.name}: ${entry.fileName}`;
    const known = expected.get(entry.fileName);
    if (!known) faults.push(`${name} is not in the manifest, or is there twice.`);
    else faults.push(...differences(name, known, await measure(await zip.openReadStreamPromise(entry))));
    expected.delete(entry.fileName);
  }
  return [...faults, ...[...expected.keys()].map((missing) => `${volume.name}: ${missing} is missing.`)];
}

interface Measured {
  readonly bytes: number;
  readonly sha256: string;
}

function differences(name: string, expected: Measured, found: Measured): string[] {
  if (expected.bytes !== found.bytes) return [`${name} has ${found.bytes} bytes, not ${expected.bytes}.`];
  return expected.sha256 === found.sha256 ? [] : [`${name} has another SHA-256 than the manifest says.`];
}

async function measure(stream: AsyncIterable<Uint8Array>): Promise<Measured> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
