import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPromise } from 'yauzl';
import { type Manifest, type ManifestVolume, manifestSchema } from '../src/lib/domain/manifest.ts';

/**
 * What is wrong with an exported package that was downloaded into a folder: `manifest.json` and the volumes it names. Sizes and SHA-256s
 * of every volume and of every file in it are read again, and nothing may be there that the manifest doesn't name. Empty: all is well.
 */
export async function checkPackage(folder: string): Promise<string[]> {
  const manifest = await readManifest(folder);
  if (typeof manifest === 'string') return [manifest];
  const faults = totalFaults(manifest);
  const files = new Set((await readdir(folder)).filter((name) => name.endsWith('.zip')));
  for (const volume of manifest.volumes) {
    if (files.delete(volume.name)) faults.push(...(await volumeFaults(folder, volume)));
    else faults.push(`${volume.name} is missing.`);
  }
  return [...faults, ...[...files].map((name) => `${name} is not in the manifest.`)];
}

async function readManifest(folder: string): Promise<Manifest | string> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    return parsed.success ? parsed.data : 'manifest.json is not a manifest.';
  } catch {
    return 'manifest.json is missing, or is not JSON.';
  }
}

function totalFaults({ volumes, totals }: Manifest): string[] {
  const entries = volumes.flatMap((volume) => volume.entries);
  const sum = (all: readonly { bytes: number }[]) => all.reduce((bytes, one) => bytes + one.bytes, 0);
  const counted = { volumes: volumes.length, entries: entries.length, bytes: sum(entries), archiveBytes: sum(volumes) };
  return JSON.stringify(counted) === JSON.stringify(totals) ? [] : ["The manifest's totals are not its sums."];
}

async function volumeFaults(folder: string, volume: ManifestVolume): Promise<string[]> {
  const path = join(folder, volume.name);
  const archive = await measure(createReadStream(path));
  const faults = differences(volume.name, volume, archive);
  try {
    return [...faults, ...(await entryFaults(path, volume))];
  } catch (error) {
    return [
      ...faults,
      `${volume.name} can't be read to its end: ${error instanceof Error ? error.message : 'unknown'}.`,
    ];
  }
}

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
