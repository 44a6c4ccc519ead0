import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { mintRequestId, type RequestId } from '../../../../src/lib/domain/ids.ts';
import { isPackageFile } from '../../../../src/lib/domain/package-file.ts';
import { type Download, download } from '../../../../src/lib/steps/package/download.ts';
import { listPackage } from '../../../../src/lib/steps/package/files.ts';
import { journalOf, OFFICER, PORTAL, STRANGER, storedRecord, useRequestStores } from '../support/request-stores.ts';

const stores = useRequestStores();
const CONTENT = Buffer.from('0123456789');
const FILE = 'package-001.zip';
let requestId: RequestId;

beforeAll(async () => {
  ({ requestId } = await storedRecord(stores.deps, { state: 'completed' }));
  const source = (async function* () {
    yield CONTENT;
  })();
  await stores.deps.documents.save({ requestId, name: FILE }, source, 'application/zip');
  await stores.deps.documents.write({ requestId, name: 'manifest.json' }, { v: 1 }, 'once');
});

function opened(answer: Download): Extract<Download, { kind: 'file' }> {
  if (answer.kind !== 'file') throw new Error(answer.kind);
  return answer;
}

describe('A file of the package', () => {
  it('comes whole, or as the range that is asked for', async () => {
    const whole = opened(await download(stores.deps, { requestId, actor: PORTAL, file: FILE }));
    expect(await buffer(whole.chunks)).toEqual(CONTENT);
    const part = opened(await download(stores.deps, { requestId, actor: PORTAL, file: FILE, range: 'bytes=2-4' }));
    expect(part).toMatchObject({ total: 10, part: { offset: 2, count: 3 } });
    expect((await buffer(part.chunks)).toString()).toBe('234');
    expect(await download(stores.deps, { requestId, actor: PORTAL, file: FILE, range: 'bytes=10-' })).toMatchObject({
      kind: 'outside',
    });
  });

  it('comes whole when the range was asked of another version', async () => {
    const { etag, chunks } = opened(await download(stores.deps, { requestId, actor: PORTAL, file: FILE }));
    await buffer(chunks);
    const asked = { requestId, actor: PORTAL, file: FILE, range: 'bytes=0-0' } as const;
    const other = opened(await download(stores.deps, { ...asked, ifRange: '"other"' }));
    expect(await buffer(other.chunks)).toEqual(CONTENT);
    const same = opened(await download(stores.deps, { ...asked, ifRange: etag }));
    expect((await buffer(same.chunks)).toString()).toBe('0');
    expect((await download(stores.deps, { ...asked, ifNoneMatch: etag })).kind).toBe('unchanged');
  });

  it('is not handed out before the request is sealed', async () => {
    const sealing = await storedRecord(stores.deps, { state: 'sealing' });
    await stores.deps.documents.write({ requestId: sealing.requestId, name: 'manifest.json' }, { v: 1 }, 'once');
    const asked = { requestId: sealing.requestId, actor: PORTAL, file: 'manifest.json' } as const;
    expect(await download(stores.deps, asked)).toEqual({ kind: 'not-sealed', state: 'sealing' });
    expect((await listPackage(stores.deps, sealing.requestId, PORTAL)).kind).toBe('not-sealed');
  });

  it('is said to be missing where there is none', async () => {
    const rejected = await storedRecord(stores.deps, { state: 'rejected' });
    expect(await listPackage(stores.deps, rejected.requestId, PORTAL)).toEqual({ kind: 'none', state: 'rejected' });
    const asked = { requestId: rejected.requestId, actor: PORTAL, file: 'receipt.json' } as const;
    expect(await download(stores.deps, asked)).toEqual({ kind: 'none', state: 'rejected' });
    expect(await listPackage(stores.deps, mintRequestId(), PORTAL)).toEqual({ kind: 'missing' });
  });

  it('is told in the journal before it is handed out: who had which file, each time from its first byte on, and once for further ranges', async () => {
    const { requestId: own } = await storedRecord(stores.deps, { state: 'completed' });
    await stores.deps.documents.save({ requestId: own, name: FILE }, [CONTENT], 'application/zip');
    const asked = { requestId: own, actor: PORTAL, file: FILE } as const;
    for (const range of ['bytes=0-4', 'bytes=5-8', 'bytes=9-', undefined]) {
      await buffer(opened(await download(stores.deps, { ...asked, range })).chunks);
    }
    await buffer(opened(await download(stores.deps, { ...asked, actor: STRANGER })).chunks);
    const { etag } = opened(await download(stores.deps, { ...asked, actor: STRANGER }));
    await download(stores.deps, { ...asked, actor: OFFICER, ifNoneMatch: etag });
    expect((await journalOf(stores.deps, own)).slice(1)).toMatchObject([
      { event: 'package-downloaded', actor: 'portal', reason: FILE },
      { event: 'package-downloaded', actor: 'portal', reason: FILE },
      { event: 'package-downloaded', actor: 'unnamed', reason: FILE },
      { event: 'package-downloaded', actor: 'unnamed', reason: FILE },
    ]);
  });

  it('is refused where the journal has no room for it, and a receipt is handed out without a line', async () => {
    const { requestId: own } = await storedRecord(stores.deps, { state: 'completed' });
    await stores.deps.documents.save({ requestId: own, name: FILE }, [CONTENT], 'application/zip');
    await stores.deps.documents.write({ requestId: own, name: 'manifest.json' }, { v: 1 }, 'once');
    const read: typeof stores.deps.records.read = async (id) => {
      const record = await stores.deps.records.read(id);
      return record && { ...record, journal: { ...record.journal, seq: 40_000 } };
    };
    const deps = { ...stores.deps, records: { ...stores.deps.records, read } };
    expect(await download(deps, { requestId: own, actor: PORTAL, file: FILE })).toEqual({ kind: 'journal-full' });
    expect(await listPackage(deps, own, PORTAL)).toEqual({ kind: 'journal-full' });
    await stores.deps.documents.write({ requestId: own, name: 'receipt.json' }, { v: 1 }, 'once');
    const receipt = opened(await download(deps, { requestId: own, actor: PORTAL, file: 'receipt.json' }));
    expect((await buffer(receipt.chunks)).toString()).toBe('{"v":1}');
    expect(await journalOf(stores.deps, own)).toHaveLength(1);
  });

  it('has a name that leads nowhere else', () => {
    expect(['manifest.json', 'package-001.zip'].every(isPackageFile)).toBe(true);
    expect(['record.json', '../record.json', 'package-1/../x.zip', 'package-001.zip\n'].some(isPackageFile)).toBe(
      false,
    );
  });
});

describe('The list of a package', () => {
  it('names each volume with its size and digest', async () => {
    const listed = await listPackage(stores.deps, requestId, PORTAL);
    if (listed.kind !== 'package') throw new Error(listed.kind);
    expect(listed.content.volumes).toMatchObject([{ name: FILE, bytes: 10 }]);
    expect(listed.content.volumes[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
