import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPackage } from '../../local/package-check.ts';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import type { Manifest } from '../../src/lib/domain/manifest.ts';
import { textEntry } from '../../src/lib/steps/package/entry.ts';
import { zipBytes } from '../../src/lib/steps/package/zip.ts';

let folder: string;
let manifest: Manifest;
const volume = () => join(folder, 'package-001.zip');
const write = (changed: unknown) => writeFile(join(folder, 'manifest.json'), JSON.stringify(changed));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-check-'));
  const made = ['a.txt', 'b.txt'].map((path) =>
    textEntry(path, async function* () {
      yield `text of ${path}`;
    }),
  );
  const entries = (await Promise.all(made)).map((entry) => ({ ...entry, stored: true }));
  const archive = await buffer(zipBytes(entries, new Date(0)));
  await writeFile(volume(), archive);
  const listed = entries.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
  const sha256 = createHash('sha256').update(archive).digest('hex');
  manifest = {
    v: 1,
    requestId: mintRequestId(),
    action: 'export',
    createdAt: '2026-01-05T10:00:00.000Z',
    volumes: [{ name: 'package-001.zip', bytes: archive.length, sha256, entries: listed }],
    totals: { volumes: 1, entries: 2, bytes: 26, archiveBytes: archive.length },
  };
  await write(manifest);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The manifest with other entries, and sums that agree with them. */
function withEntries(entries: Manifest['volumes'][number]['entries']): Manifest {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const volumes = manifest.volumes.map((one) => ({ ...one, entries }));
  return { ...manifest, volumes, totals: { ...manifest.totals, entries: entries.length, bytes } };
}

describe('the check of a package', () => {
  it('is content with one that is whole', async () => {
    expect(await checkPackage(folder)).toEqual([]);
  });

  it('finds a byte that changed in a file, in the volume and in the file', async () => {
    const archive = await readFile(volume());
    archive.write('T', archive.indexOf('text of b.txt'));
    await writeFile(volume(), archive);
    const faults = await checkPackage(folder);
    expect(faults[0]).toBe('package-001.zip has another SHA-256 than the manifest says.');
    expect(faults.length).toBeGreaterThan(1);
  });

  it('finds a volume of another length, one that is missing and one that nobody named', async () => {
    await appendFile(volume(), 'x');
    expect((await checkPackage(folder))[0]).toMatch(/^package-001\.zip has \d+ bytes, not \d+\.$/);
    await rm(volume());
    await writeFile(join(folder, 'package-002.zip'), '');
    expect(await checkPackage(folder)).toEqual([
      'package-001.zip is missing.',
      'package-002.zip is not in the manifest.',
    ]);
  });

  it('finds a file that the manifest does not name, and one that is not there', async () => {
    const [first, second] = manifest.volumes[0]?.entries ?? [];
    if (!first || !second) throw new Error('The manifest of the test has two entries.');
    await write(withEntries([first, { ...second, path: 'c.txt' }]));
    expect(await checkPackage(folder)).toEqual([
      'package-001.zip: b.txt is not in the manifest, or is there twice.',
      'package-001.zip: c.txt is missing.',
    ]);
    await write(withEntries([first, { ...second, sha256: first.sha256 }]));
    expect(await checkPackage(folder)).toEqual(['package-001.zip: b.txt has another SHA-256 than the manifest says.']);
  });

  it('finds sums that are wrong, and a manifest that is none', async () => {
    await write({ ...manifest, totals: { ...manifest.totals, bytes: 1 } });
    expect(await checkPackage(folder)).toEqual(["The manifest's totals are not its sums."]);
    await write({ v: 2 });
    expect(await checkPackage(folder)).toEqual(['manifest.json is not a manifest.']);
    await writeFile(join(folder, 'manifest.json'), '{');
    expect(await checkPackage(folder)).toEqual(['manifest.json is missing, or is not JSON.']);
  });
});
