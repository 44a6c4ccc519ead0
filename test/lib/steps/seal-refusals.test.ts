import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPackage } from '../../../local/package-check.ts';
import { rootSliceId, SEAL_TASK } from '../../../src/lib/domain/ids.ts';
import { EntryMismatch } from '../../../src/lib/steps/package/entry.ts';
import { contentPath, documentsPath, extensionOf } from '../../../src/lib/steps/package/paths.ts';
import { VolumeMismatch } from '../../../src/lib/steps/package/seal-volume.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { newRecord } from '../store/support/records.ts';
import {
  downloadPackage,
  sealAll,
  sealDependencies,
  sealSlice,
  taskOf,
  writeSlice,
  writeTasks,
} from './support/package-world.ts';
import { SUBMISSION } from './support/request-stores.ts';

const azurite = useAzurite();

describe('names that upstream gave', () => {
  it('never choose a path', async () => {
    const deps = sealDependencies(azurite.storage);
    const record = newRecord({ state: 'sealing' });
    const { requestId } = record;
    const keys = ['../../etc/passwd', '/root', 'C:\\x', '__proto__', 'a\u0000b', '\ud83d\ude00'.repeat(300), '', '.'];
    await writeTasks(deps, requestId);
    const contentType = '../../x; charset="../y"';
    await writeSlice(
      deps,
      { requestId, task: 1, slice: 0 },
      keys.map((key) => ({ key, document: { key }, bytes: Buffer.from(key), contentType })),
    );
    await sealAll(deps, record);
    await using unpacked = await downloadPackage(deps, requestId);
    expect(await checkPackage(unpacked.folder)).toEqual([]);
    const lines = [];
    for await (const line of deps.slices.lines({ requestId, taskId: SEAL_TASK, sliceId: rootSliceId('package') })) {
      if (line.line === 'entry') lines.push(line.path);
    }
    expect(lines).toHaveLength(keys.length + 5);
    for (const path of lines) {
      expect(path).toMatch(
        /^(README\.txt|report\.html|vision\/cv-images\/(documents-0001\.ndjson|ledger-0001\.ndjson|report-0001\.html)|vision\/cv-images\/content\/[0-9a-f]{32}\.bin)$/,
      );
    }
  });

  it('have an extension from the table, whatever type an answer claims', () => {
    fc.assert(fc.property(fc.string(), (type) => /^[a-z]{3,4}$/.test(extensionOf(type))));
    expect(extensionOf('Image/JPEG; charset=binary')).toBe('jpg');
    expect(extensionOf('__proto__')).toBe('bin');
  });

  it('are refused where a word or a place of ours is expected', () => {
    const task = { target: '..', family: 'cv-images' };
    expect(() => documentsPath(task, 1)).toThrow('no word');
    const content = { blob: 'requests/x/../y', bytes: 1, sha256: '', contentType: '' };
    expect(() => contentPath({ target: 'vision', family: 'cv-images' }, content)).toThrow('does not lie');
  });
});

describe('a package that would not be what it says', () => {
  it('is not written when a content is not what the ledger says', async () => {
    const deps = sealDependencies(azurite.storage);
    const record = newRecord({ state: 'sealing' });
    const { requestId } = record;
    await writeTasks(deps, requestId);
    const place = { requestId, taskId: taskOf(1), key: 'k#originalImageUri' };
    const content = await deps.contents.save(place, [Buffer.from('other bytes')], 'image/png');
    const line = {
      line: 'item',
      key: 'k',
      outcome: 'saved',
      contents: [{ ...content, sha256: '0'.repeat(64) }],
    } as const;
    await writeSlice(deps, { requestId, task: 1, slice: 0, more: [{ ...line, contents: [...line.contents] }] }, []);
    await expect(sealSlice(deps, record)).rejects.toThrow(EntryMismatch);
    expect(await deps.documents.listVolumes(requestId, 1)).toEqual([]);
  });

  it('is not claimed when an earlier attempt packed more into the volume', async () => {
    const record = newRecord({ state: 'sealing' });
    const { requestId } = record;
    const before = sealDependencies(azurite.storage);
    await writeTasks(before, requestId);
    const items = [1, 2, 3].map((number) => ({ key: `k${number}`, bytes: Buffer.alloc(3000, number) }));
    await writeSlice(before, { requestId, task: 1, slice: 0 }, items);
    await sealSlice(before, record);
    const after = sealDependencies(azurite.storage, 6000);
    await expect(sealSlice(after, record)).rejects.toThrow(VolumeMismatch);
  });

  it('is not sealed before a deletion when what lies in storage is not what was written', async () => {
    const record = newRecord({ state: 'running', submission: { ...SUBMISSION, action: 'delete', exportFirst: true } });
    const { requestId } = record;
    const deps = sealDependencies(azurite.storage);
    await writeTasks(deps, requestId);
    await writeSlice(deps, { requestId, task: 1, slice: 0 }, [{ key: 'k', bytes: Buffer.alloc(3000, 1) }]);
    const name = 'package-001.zip';
    const blob = azurite.storage.container.getBlockBlobClient(`requests/${requestId}/${name}`);
    // The bytes change, size, facts and closing comment stay.
    const save: typeof deps.documents.save = async (...given) => {
      const stored = await deps.documents.save(...given);
      const { metadata = {} } = await blob.getProperties();
      const bytes = await blob.downloadToBuffer();
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      await blob.upload(bytes, bytes.length, { metadata });
      return stored;
    };
    const altered = { ...deps, documents: { ...deps.documents, save } };
    await expect(sealSlice(altered, record)).rejects.toThrow(VolumeMismatch);
    await expect(sealSlice(deps, record)).rejects.toThrow(VolumeMismatch);
  });
});
