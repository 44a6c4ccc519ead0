import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { manifestSchema } from '../../../src/lib/domain/manifest.ts';
import { isPackageFile } from '../../../src/lib/domain/package-file.ts';
import { listPackage } from '../../../src/lib/steps/package/files.ts';
import type { DocumentName } from '../../../src/lib/store/documents.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { failuresOf, OPERATOR, order, partly, receiptOf } from './support/redriving.ts';
import { openStage } from './support/stage.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 120_000 });
const sizes = { tags: 2, taggedImages: 3, untaggedImages: 1, deletedImages: 0, exports: 0, imageBytes: 10 };
const world = { resources: [{ projects: [{ ...sizes, iterations: { published: 0, trained: 0 } }] }] };

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

describe('An export that upstream refused in part', () => {
  it('reads again only the family that was not whole, downloads what it lacks, and makes a package beside the first', async () => {
    await using stage = await openStage(azurite.storage, { world });
    const { simulator, deps } = stage;
    const driver = new Driver(stage);
    const host = simulator.world.blobHost;
    const requestId = await partly(driver, { action: 'export', families: ['cv-tags', 'cv-images'] }, [
      { match: { method: 'GET', host }, fault: { kind: 'status', status: 403 }, after: 1, times: 1 },
    ]);
    const first = await receiptOf(stage, requestId);
    expect(first.receipt.totals).toMatchObject({ found: 6, saved: 5, refused: 1 });
    expect(await failuresOf(stage, requestId)).toMatchObject([{ kind: 'item', family: 'cv-images' }]);
    const read = async (name: DocumentName): Promise<Buffer> => {
      const opened = await deps.documents.open({ requestId, name });
      return opened ? buffer(opened.chunks) : Buffer.alloc(0);
    };
    const before = { manifest: await read('manifest.json'), volume: await read('package-001.zip') };
    const from = simulator.calls.list.length;
    expect(await order(stage, requestId)).toMatchObject({ kind: 'ordered' });
    expect((await driver.toTheEnd(requestId)).state).toBe('completed');
    const calls = simulator.calls.list.slice(from);
    expect(calls.filter((call) => call.host === host)).toHaveLength(1);
    expect(calls.filter(({ operation }) => operation === 'GetTags')).toEqual([]);
    const { receipt } = await receiptOf(stage, requestId, 2);
    expect(receipt).toMatchObject({ previous: { sha256: first.sha256 }, totals: { found: 6, saved: 6, refused: 0 } });
    const listed = await listPackage(deps, requestId, OPERATOR);
    if (listed.kind !== 'package') throw new Error(listed.kind);
    expect(listed.content).toMatchObject({
      volumes: [{ name: 'package-2-001.zip' }],
      manifest: { name: 'manifest-2.json' },
    });
    expect(isPackageFile('package-2-001.zip') && isPackageFile('manifest-2.json')).toBe(true);
    const text = await read('manifest-2.json');
    expect(receipt.manifest?.sha256).toBe(sha256(text));
    const [volume] = manifestSchema.parse(JSON.parse(text.toString())).volumes;
    expect(volume).toMatchObject({ name: 'package-2-001.zip', sha256: sha256(await read('package-2-001.zip')) });
    expect(volume?.entries.filter(({ path }) => path.includes('cv-images/content/'))).toHaveLength(4);
    expect(volume?.entries.filter(({ path }) => path.includes('cv-tags/documents'))).toHaveLength(1);
    expect({ manifest: await read('manifest.json'), volume: await read('package-001.zip') }).toEqual(before);
  });
});
