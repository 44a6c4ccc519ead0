import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { totalFaults, volumeFaults } from '../cli/verify/volume.ts';
import { type Manifest, manifestSchema } from '../src/lib/domain/manifest.ts';

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
    if (files.delete(volume.name)) faults.push(...(await volumeFaults(join(folder, volume.name), volume)));
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
