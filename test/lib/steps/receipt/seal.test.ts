import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkPackage } from '../../../../local/package-check.ts';
import { type Manifest, manifestSchema } from '../../../../src/lib/domain/manifest.ts';
import { ensureContainer, openStorage } from '../../../../src/lib/store/storage.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';
import { readArchive } from '../support/archive.ts';
import {
  downloadPackage,
  readDocument,
  type SealDependencies,
  sealAll,
  sealDependencies,
  sealSlice,
  writeSlice,
  writeTasks,
} from '../support/package-world.ts';

const azurite = useAzurite();
const run = promisify(execFile);

const sealing = () => newRecord({ state: 'sealing', stateSince: '2026-01-05T11:00:00.000Z' });
type Sealing = ReturnType<typeof sealing>;

/** One project, and images in `slices` results with two images each. */
async function makeExport(deps: SealDependencies, { requestId }: Sealing, slices = 2): Promise<void> {
  await writeTasks(deps, requestId);
  const gap = { line: 'gap' as const, place: 'cv-projects: GetProjects', reason: 'It was refused.' };
  await writeSlice(deps, { requestId, task: 0, slice: 0, more: [gap] }, [
    { key: 'p1', document: { name: 'ångström' } },
  ]);
  for (let slice = 0; slice < slices; slice += 1) {
    const images = [0, 1].map((image) => {
      const key = `p1/i${slice}${image}`;
      return { key, document: { id: key }, bytes: Buffer.alloc(1000 + 10 * slice + image, `${slice}${image}`) };
    });
    await writeSlice(deps, { requestId, task: 1, slice }, images);
  }
}

const manifestOf = async (deps: SealDependencies, { requestId }: Sealing): Promise<Manifest> =>
  manifestSchema.parse(JSON.parse((await readDocument(deps, requestId, 'manifest.json')).toString()));

const linesOf = (file: Buffer | undefined): unknown[] =>
  (file?.toString() ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('sealing an export', () => {
  it('packs documents, ledgers and contents, which other programs read and the manifest names', async () => {
    const deps = sealDependencies(azurite.storage);
    const record = sealing();
    await makeExport(deps, record);
    await sealAll(deps, record);
    await using unpacked = await downloadPackage(deps, record.requestId);
    expect(await checkPackage(unpacked.folder)).toEqual([]);
    const volume = join(unpacked.folder, 'package-001.zip');
    const files = await readArchive(await readFile(volume));
    expect([...files.keys()].map((path) => path.replace(/[0-9a-f]{32}/, '{digest}'))).toEqual([
      'README.txt',
      'report.html',
      'vision/cv-projects/documents-0001.ndjson',
      'vision/cv-projects/ledger-0001.ndjson',
      'vision/cv-projects/report-0001.html',
      ...['0001', '0002'].flatMap((ordinal) => [
        `vision/cv-images/documents-${ordinal}.ndjson`,
        `vision/cv-images/ledger-${ordinal}.ndjson`,
        `vision/cv-images/report-${ordinal}.html`,
        'vision/cv-images/content/{digest}.png',
        'vision/cv-images/content/{digest}.png',
      ]),
    ]);
    expect(files.get('README.txt')?.toString()).toContain(record.requestId);
    expect(linesOf(files.get('vision/cv-projects/documents-0001.ndjson'))).toEqual([
      { line: 'document', key: 'p1', document: { name: 'ångström' } },
    ]);
    expect(linesOf(files.get('vision/cv-projects/ledger-0001.ndjson'))).toEqual([
      { line: 'item', key: 'p1', outcome: 'saved' },
      { line: 'gap', place: 'cv-projects: GetProjects', reason: 'It was refused.' },
    ]);
    if (existsSync('/usr/bin/unzip')) {
      expect((await run('/usr/bin/unzip', ['-t', volume])).stdout).toContain('No errors detected');
    }
  });

  it("leads from a ledger's line to the item's file, and names no blob of ours", async () => {
    const deps = sealDependencies(azurite.storage);
    const record = sealing();
    await makeExport(deps, record, 1);
    await sealAll(deps, record);
    const files = await readArchive(await readDocument(deps, record.requestId, 'package-001.zip'));
    const ledger = files.get('vision/cv-images/ledger-0001.ndjson');
    expect(ledger?.toString()).not.toContain('requests/');
    const [first] = linesOf(ledger);
    expect(first).toMatchObject({ key: 'p1/i00', contents: [{ bytes: 1000, contentType: 'image/png' }] });
    const { path } = (first as { contents: [{ path: string }] }).contents[0];
    expect(files.get(path)).toEqual(Buffer.alloc(1000, '00'));
  });

  it('makes a package that says that nothing was found, even where no task was ever made', async () => {
    const deps = sealDependencies(azurite.storage);
    const record = sealing();
    await sealAll(deps, record);
    const manifest = await manifestOf(deps, record);
    expect(manifest.volumes.map((volume) => volume.entries.map((entry) => entry.path))).toEqual([
      ['README.txt', 'report.html'],
    ]);
    expect(manifest).toMatchObject({ requestId: record.requestId, createdAt: record.stateSince, action: 'export' });
  });

  it('splits at the size of a volume, each file once and in order, a larger one alone', async () => {
    const deps = sealDependencies(azurite.storage, 9000);
    const record = sealing();
    const { requestId } = record;
    await makeExport(deps, record, 4);
    await writeSlice(deps, { requestId, task: 1, slice: 9 }, [{ key: 'big', bytes: randomBytes(20_000) }]);
    await sealAll(deps, record);
    const manifest = await manifestOf(deps, record);
    const single = sealDependencies(azurite.storage);
    const whole = sealing();
    await makeExport(single, whole, 4);
    await writeSlice(single, { requestId: whole.requestId, task: 1, slice: 9 }, [
      { key: 'big', bytes: randomBytes(20_000) },
    ]);
    await sealAll(single, whole);
    const pathsOf = ({ volumes }: Manifest) =>
      volumes.flatMap(({ entries }) => entries.map(({ path }) => path)).filter((path) => path !== 'README.txt');
    expect(pathsOf(manifest)).toEqual(pathsOf(await manifestOf(single, whole)));
    expect(manifest.volumes.length).toBeGreaterThan(2);
    const tooLarge = manifest.volumes.filter(({ bytes }) => bytes > 9000);
    expect(tooLarge.map(({ entries }) => entries.map(({ bytes }) => bytes > 9000))).toEqual([[false, true]]);
    await using unpacked = await downloadPackage(deps, requestId);
    expect(await checkPackage(unpacked.folder)).toEqual([]);
  });

  it('spreads one result over many volumes, each file once', async () => {
    const deps = sealDependencies(azurite.storage, 5000);
    const record = sealing();
    const { requestId } = record;
    await writeTasks(deps, requestId);
    const images = Array.from({ length: 12 }, (_, index) => ({ key: `i${index}`, bytes: Buffer.alloc(1500, index) }));
    await writeSlice(deps, { requestId, task: 1, slice: 0 }, images);
    await sealAll(deps, record);
    const { volumes } = await manifestOf(deps, record);
    const paths = volumes.flatMap(({ entries }) => entries.slice(1).map(({ path }) => path));
    expect(volumes.length).toBeGreaterThan(4);
    // Twelve images, their ledger, a page on them and the report's first page.
    expect(paths).toHaveLength(15);
    expect(new Set(paths).size).toBe(15);
  });

  it('goes on at the right place when the list of results has many pages', async () => {
    const deps = sealDependencies(azurite.storage, 6000);
    const { slices } = deps;
    const paged: SealDependencies = {
      ...deps,
      slices: { ...slices, listDone: (task, phase, page) => slices.listDone(task, phase, { ...page, limit: 2 }) },
    };
    const record = sealing();
    await makeExport(paged, record, 7);
    await sealAll(paged, record);
    const manifest = await manifestOf(deps, record);
    const paths = manifest.volumes.flatMap((volume) => volume.entries.slice(1).map((entry) => entry.path));
    expect(manifest.volumes.length).toBeGreaterThan(3);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => path.includes('/content/'))).toHaveLength(14);
    expect(paths.filter((path) => path.includes('cv-images/ledger-')).sort()).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((ordinal) => `vision/cv-images/ledger-000${ordinal}.ndjson`),
    );
  });

  it('makes the same bytes in another attempt, volume by volume and in the manifest', async () => {
    const record = sealing();
    const packages = [];
    for (const name of ['first', 'second']) {
      const storage = openStorage({ connection: azurite.connection }, name);
      await ensureContainer(storage);
      const deps = sealDependencies(storage, 6000);
      await makeExport(deps, record, 5);
      await sealAll(deps, record);
      const names = (await deps.documents.listVolumes(record.requestId, 1)).map((volume) => volume.name);
      const read = ['manifest.json', ...names].map((document) => readDocument(deps, record.requestId, document));
      packages.push(await Promise.all(read));
    }
    expect(packages[0]?.length).toBeGreaterThan(3);
    expect(packages[0]).toEqual(packages[1]);
  });

  it('says the same of a volume of many blocks that an earlier attempt has written, without packing it again', async () => {
    const deps = sealDependencies(azurite.storage, 12_000_000);
    const record = sealing();
    await writeTasks(deps, record.requestId);
    const images = [9_000_000, 2_500_000, 4_000_000].map((bytes, index) => ({
      key: `i${index}`,
      bytes: randomBytes(bytes),
    }));
    await writeSlice(deps, { requestId: record.requestId, task: 1, slice: 0 }, images);
    const read: string[] = [];
    const noted: SealDependencies = {
      ...deps,
      contents: {
        ...deps.contents,
        read: (blob) => {
          read.push(blob);
          return deps.contents.read(blob);
        },
      },
    };
    const first = await sealSlice(noted, record);
    const second = await sealSlice(noted, record);
    expect(second.outcome).toEqual(first.outcome);
    expect(first.outcome.children).toMatchObject([{ work: { kind: 'volume', number: 2 } }]);
    // The second attempt saw the first block, no more.
    expect(read).toHaveLength(3);
    await sealAll(deps, record);
    await using unpacked = await downloadPackage(deps, record.requestId);
    expect(unpacked.volumes).toHaveLength(2);
    expect(await checkPackage(unpacked.folder)).toEqual([]);
  });

  it('ends the same when an attempt was cut off after its volume was written, at each volume and at the manifest', async () => {
    const deps = sealDependencies(azurite.storage, 6000);
    const record = sealing();
    await makeExport(deps, record, 3);
    let next = await (async () => {
      await sealSlice(deps, record);
      return (await sealSlice(deps, record)).commit();
    })();
    while (next) {
      await sealSlice(deps, record, next);
      next = await (await sealSlice(deps, record, next)).commit();
    }
    await using unpacked = await downloadPackage(deps, record.requestId);
    expect(unpacked.volumes.length).toBeGreaterThan(2);
    expect(await checkPackage(unpacked.folder)).toEqual([]);
  });
});
