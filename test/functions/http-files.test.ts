import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import { documentStore } from '../../src/lib/store/documents.ts';
import { problemOf, useApi } from './support.ts';

const api = useApi();
const { stored } = api;

describe('Files of a sealed request', () => {
  const CONTENT = Buffer.alloc(300_000, 'zip ');
  let record: RequestRecord;
  beforeAll(async () => {
    record = await stored({ state: 'completed' });
    const { requestId } = record;
    const documents = documentStore(api.storage.storage);
    await documents.save({ requestId, name: 'package-001.zip' }, ReadableStream.from([CONTENT]), 'application/zip');
    await documents.write({ requestId, name: 'manifest.json' }, { v: 1 }, 'once');
    await documents.write({ requestId, name: 'receipt.json' }, { signature: null }, 'once');
  });

  it('are listed with links that lead to their bytes', async () => {
    const list = await (await api.call(`requests/${record.requestId}/package`)).json();
    const { volumes, manifest } = z
      .object({ volumes: z.array(z.looseObject({ href: z.string() })), manifest: z.looseObject({ href: z.string() }) })
      .parse(list);
    const volume = await api.call((volumes[0]?.href ?? '').replace('/api/', ''));
    expect(volume.status).toBe(200);
    expect(volume.headers.get('content-disposition')).toBe('attachment; filename="package-001.zip"');
    expect(Buffer.from(await volume.arrayBuffer()).equals(CONTENT)).toBe(true);
    expect(await (await api.call(manifest.href.replace('/api/', ''))).json()).toEqual({ v: 1 });
    expect(await (await api.call(`requests/${record.requestId}/receipt`)).json()).toEqual({ signature: null });
  });

  it('can be fetched in ranges that fit together', async () => {
    const path = `requests/${record.requestId}/package/package-001.zip`;
    const head = await api.call(path, { headers: { range: 'bytes=0-199999' } });
    expect(head.status).toBe(206);
    expect(head.headers.get('content-range')).toBe('bytes 0-199999/300000');
    const etag = head.headers.get('etag') ?? '';
    const tail = await api.call(path, { headers: { range: 'bytes=200000-', 'if-range': etag } });
    expect(tail.status).toBe(206);
    const parts = [await head.arrayBuffer(), await tail.arrayBuffer()].map((part) => Buffer.from(part));
    expect(Buffer.concat(parts).equals(CONTENT)).toBe(true);
    const outside = await api.call(path, { headers: { range: 'bytes=300000-' } });
    expect(outside.headers.get('content-range')).toBe('bytes */300000');
    expect(await problemOf(outside)).toMatchObject({ status: 416 });
    expect((await api.call(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('are refused under any other name, and before the end', async () => {
    for (const name of ['record.json', '..%2Frecord.json', 'package-002.zip']) {
      expect((await api.call(`requests/${record.requestId}/package/${name}`)).status).toBe(404);
    }
    const running = await stored({ state: 'running' });
    for (const rest of ['package', 'package/manifest.json', 'receipt']) {
      const answer = await api.call(`requests/${running.requestId}/${rest}`);
      expect(await problemOf(answer)).toMatchObject({ status: 409, type: '/problems/not-sealed' });
    }
  });

  it('come with the journal as lines of JSON, which tells who had them', async () => {
    const answer = await api.call(`requests/${record.requestId}/journal`);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { seq: 1, event: 'submitted' },
      { event: 'package-listed', actor: 'portal' },
      { event: 'package-downloaded', actor: 'portal', reason: 'package-001.zip' },
      { event: 'package-downloaded', actor: 'portal', reason: 'manifest.json' },
      { event: 'receipt-downloaded', actor: 'portal', reason: 'receipt.json' },
      { event: 'package-downloaded', actor: 'portal', reason: 'package-001.zip' },
    ]);
  });
});
