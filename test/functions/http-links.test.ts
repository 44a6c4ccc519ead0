import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { linkTokens } from '../../src/lib/app/link-tokens.ts';
import type { RequestRecord } from '../../src/lib/domain/request.ts';
import { documentStore } from '../../src/lib/store/documents.ts';
import { installationKey } from '../../src/lib/store/installation-key.ts';
import { problemOf, useApi } from './support.ts';

const api = useApi(undefined, { DSR_LINKS: 'app' });
const linkSchema = z.strictObject({
  requestId: z.string(),
  name: z.string(),
  href: z.string(),
  expiresAt: z.iso.datetime(),
});
const CONTENT = Buffer.from('0123456789');
let record: RequestRecord;
beforeAll(async () => {
  record = await api.stored({ state: 'completed', endedAt: new Date().toISOString() });
  const documents = documentStore(api.storage.storage);
  await documents.save({ requestId: record.requestId, name: 'package-001.zip' }, [CONTENT], 'application/zip');
  await documents.write({ requestId: record.requestId, name: 'manifest.json' }, { v: 1 }, 'once');
});

const issued = async () => {
  const answer = await api.post(`requests/${record.requestId}/package/package-001.zip/link`, {});
  expect(answer.status).toBe(201);
  const link = linkSchema.parse(await answer.json());
  expect(answer.headers.get('location')).toBe(link.href);
  return link;
};

describe('A link', () => {
  it('is offered in the list, opens the file for whoever has it, without a key, and in ranges', async () => {
    const list = await (await api.call(`requests/${record.requestId}/package`)).text();
    expect(list).toContain(`"link":"/api/requests/${record.requestId}/package/package-001.zip/link"`);
    const { href, expiresAt } = await issued();
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const whole = await fetch(api.url + href);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-disposition')).toBe('attachment; filename="package-001.zip"');
    expect(whole.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(CONTENT);
    const etag = whole.headers.get('etag') ?? '';
    const part = await fetch(api.url + href, { headers: { range: 'bytes=8-', 'if-range': etag } });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('89');
    expect((await fetch(api.url + href, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('answers 410 as a problem once its time is over, or the package is gone', async () => {
    const key = await installationKey(api.storage.storage, 'links-key.json');
    const actor = { name: 'portal', named: true, fingerprint: 'key:1' };
    const { requestId } = record;
    const sealed = (until: string, of = requestId) =>
      linkTokens(async () => key).seal({ v: 1, requestId: of, file: 'manifest.json', until, actor });
    const follow = async (token: string) => fetch(`${api.url}/api/downloads/${token}`);
    const over = await problemOf(await follow(await sealed(new Date(Date.now() - 1).toISOString())));
    expect(over).toMatchObject({ status: 410, type: '/problems/link-expired' });
    const later = new Date(Date.now() + 60_000).toISOString();
    const long = await api.stored({ state: 'completed', endedAt: '2026-01-05T10:00:00.000Z' });
    const gone = await problemOf(await follow(await sealed(later, long.requestId)));
    expect(gone).toMatchObject({ status: 410, type: '/problems/package-gone' });
  });

  it('is unknown when it was made up, or named with options, and serves this machine only in local mode', async () => {
    const { href } = await issued();
    const other = href.slice(0, -3) + (href.endsWith('AAA') ? 'BBB' : 'AAA');
    for (const path of [other, '/api/downloads/x', '/api/downloads/%00']) {
      expect(await problemOf(await fetch(api.url + path))).toMatchObject({ status: 404, type: '/problems/no-link' });
    }
    const path = `requests/${record.requestId}/package/package-001.zip/link`;
    expect((await api.post(path, { minutes: 600 })).status).toBe(400);
    const away = await fetch(api.url + href, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(await problemOf(away)).toMatchObject({ status: 403, type: '/problems/not-local' });
  });
});
