import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import { problemOf, useApi } from './support.ts';

const api = useApi();
const { stored } = api;

describe('An unknown or malformed id', () => {
  it.each(['', '/plan', '/package', '/package/manifest.json', '/receipt', '/journal'])(
    'answers 404 on %s',
    async (rest) => {
      for (const id of [mintRequestId(), 'no-id', '..%2Frecord']) {
        const answer = await api.call(`requests/${id}${rest}`);
        expect(await problemOf(answer)).toMatchObject({ status: 404, type: '/problems/no-request' });
      }
    },
  );

  it('answers 404 to orders too', async () => {
    const order = { decision: 'approve', planHash: 'a'.repeat(64) };
    expect((await api.post(`requests/${mintRequestId()}/decision`, order)).status).toBe(404);
    expect((await api.call(`requests/${mintRequestId()}/cancel`, { method: 'POST' })).status).toBe(404);
  });
});

describe('GET /api/requests', () => {
  it('lists by state in pages', async () => {
    await Promise.all([stored({ state: 'failed' }), stored({ state: 'failed' }), stored({ state: 'failed' })]);
    const pageSchema = z.object({
      requests: z.array(z.looseObject({ requestId: z.string(), state: z.literal('failed') })),
      links: z.object({ next: z.string() }).optional(),
    });
    const ids = new Set<string>();
    let path: string | undefined = 'requests?state=failed&limit=2';
    while (path !== undefined) {
      const page: z.infer<typeof pageSchema> = pageSchema.parse(await (await api.call(path)).json());
      for (const { requestId } of page.requests) ids.add(requestId);
      path = page.links?.next.replace('/api/', '');
    }
    expect(ids.size).toBe(3);
  });

  it.each(['state=gone', 'action=burn', 'limit=0', 'limit=x', 'continuation=nonsense'])('refuses %s', async (query) => {
    const [field] = query.split('=');
    const problem = await problemOf(await api.call(`requests?${query}`));
    expect(problem).toMatchObject({ status: 400, errors: [{ field }] });
  });
});

describe('Failures', () => {
  it('answer with a problem and an id, and tell neither the caller nor the log what the blob holds', async () => {
    const { requestId } = await stored({ state: 'running' });
    const blob = api.storage.storage.container.getBlockBlobClient(`requests/${requestId}/record.json`);
    const text = '{"subject":"jane.doe@example.com"}';
    await blob.upload(text, text.length);
    const problem = await problemOf(await api.call(`requests/${requestId}`));
    expect(problem).toMatchObject({ status: 500, type: '/problems/internal' });
    const { errorId } = z.looseObject({ errorId: z.string() }).parse(problem);
    while (!api.log.some((line) => line.includes(errorId))) await pause(10);
    const said = api.log.join('\n');
    expect(said).toContain('UnreadableBlob');
    expect(said + JSON.stringify(problem)).not.toContain('jane.doe');
  });
});
