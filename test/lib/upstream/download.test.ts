import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type Content, DownloadBroken, type Upstream } from '../../../src/lib/upstream/upstream.ts';
import { empty, json, keyTarget, serve, text, upstreamTo } from './fixture.ts';

const LINK = 'https://irisus1.blob.core.windows.net/c/image?sv=1&sig=s%2Bgnature';
const bytes = randomBytes(300_000);
const digest = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Serves `bytes` as a storage service does, with ranges and an entity tag; every answer but the `calm`-th breaks at `breakAt`. */
function storage(options: { calm: number; breakAt: number; etag?: string; changed?: boolean }) {
  let asked = 0;
  return (request: IncomingMessage, response: ServerResponse): void => {
    asked += 1;
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(start);
    const etag = options.changed && asked > 1 ? '"other"' : (options.etag ?? '"one"');
    response.writeHead(start === 0 || options.changed ? 200 : 206, {
      'content-type': 'image/png',
      'content-length': rest.length,
      etag,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (asked === options.calm) response.end(rest);
    else response.write(rest.subarray(0, options.breakAt), () => response.destroy());
  };
}

async function contentOf(upstream: Upstream, link = LINK): Promise<Content> {
  const verdict = await upstream.download(keyTarget, link);
  if (verdict.kind !== 'ok') throw new Error(`Expected content, but it was ${verdict.kind}.`);
  return verdict.value;
}

async function collect(content: Content): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a download', () => {
  test('streams the bytes from the host of the link, without any secret of ours', async () => {
    const service = await serve(storage({ calm: 1, breakAt: 0 }));
    const content = await contentOf(upstreamTo(service));
    expect(content).toMatchObject({ contentType: 'image/png', bytes: bytes.length });
    expect(digest(await collect(content))).toBe(digest(bytes));
    const { headers, url } = service.seen[0] ?? {};
    expect(url).toBe('/c/image?sv=1&sig=s%2Bgnature');
    expect(headers?.['x-forwarded-host']).toBe('irisus1.blob.core.windows.net');
    expect(headers).not.toHaveProperty('training-key');
    expect(headers).not.toHaveProperty('authorization');
  });

  test('goes on where the connection broke, several times', async () => {
    const service = await serve(storage({ calm: 4, breakAt: 80_000 }));
    expect(digest(await collect(await contentOf(upstreamTo(service))))).toBe(digest(bytes));
    expect(service.seen).toHaveLength(4);
    expect(service.seen[1]?.headers).toMatchObject({
      'if-range': '"one"',
      range: expect.stringMatching(/^bytes=\d+-$/),
    });
  });

  test('goes on where nothing more came for too long', async () => {
    const whole = storage({ calm: 1, breakAt: 0 });
    const service = await serve((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length, etag: '"one"' });
      response.write(bytes.subarray(0, 1000));
    }, whole);
    const content = await contentOf(upstreamTo(service, { callSeconds: 0.5 }));
    expect(digest(await collect(content))).toBe(digest(bytes));
  });

  test.each([
    ['the content has changed meanwhile', { calm: 2, breakAt: 1000, changed: true }],
    ['its tag is a weak one', { calm: 2, breakAt: 1000, etag: 'W/"one"' }],
    ['it breaks too often', { calm: 99, breakAt: 10 }],
  ])('is broken, not wrong, when %s', async (_, options) => {
    const content = await contentOf(upstreamTo(await serve(storage(options))));
    await expect(collect(content)).rejects.toThrow(DownloadBroken);
  });

  test('closes its connection when it is left early, even before the first byte', async () => {
    const closed = Promise.withResolvers<void>();
    const service = await serve((_, response) => {
      response.on('close', closed.resolve);
      response.writeHead(200, { 'content-length': 1_000_000 }).write('x');
    });
    const content = await contentOf(upstreamTo(service));
    await content.body[Symbol.asyncIterator]().return?.();
    await closed.promise;
  });

  test('is tried again when storage is busy', async () => {
    const service = await serve(empty(503), storage({ calm: 1, breakAt: 0 }));
    expect((await collect(await contentOf(upstreamTo(service)))).length).toBe(bytes.length);
  });

  test.each([
    ['gone content', empty(404, { 'x-ms-error-code': 'BlobNotFound' }), { kind: 'absent' }],
    [
      'an expired link',
      empty(403, { 'x-ms-error-code': 'AuthenticationFailed' }),
      { kind: 'refused', status: 403, code: 'AuthenticationFailed', reason: 'Download: 403 AuthenticationFailed' },
    ],
    ['an error with a long page', text(410, 'text/html', 'x'.repeat(200_000)), { kind: 'absent' }],
    ['a 204', empty(204), { kind: 'refused', status: 204, code: '204', reason: 'Download: 204' }],
  ])('understands %s', async (_, handler, expected) => {
    expect(await upstreamTo(await serve(handler)).download(keyTarget, LINK)).toEqual(expected);
  });

  test('follows a redirect within the list of hosts', async () => {
    const service = await serve(
      empty(307, { location: 'https://b.blob.core.windows.net/x' }),
      text(200, 'a/b', 'there'),
    );
    expect(String(await collect(await contentOf(upstreamTo(service))))).toBe('there');
    expect(service.seen[1]?.headers['x-forwarded-host']).toBe('b.blob.core.windows.net');
  });

  test.each([
    'https://evil.example/x',
    'http://b.blob.core.windows.net/x',
    'https://user:pw@b.blob.core.windows.net/x',
    '//evil.example',
  ])('does not follow a redirect to %s', async (location) => {
    const service = await serve(empty(302, { location }), json(200, {}));
    const verdict = await upstreamTo(service).download(keyTarget, LINK);
    expect(verdict).toMatchObject({ kind: 'refused', code: 'LinkNotAllowed' });
    expect(service.seen).toHaveLength(1);
  });

  test('does not go round in circles', async () => {
    const service = await serve(empty(302, { location: LINK }));
    expect(await upstreamTo(service).download(keyTarget, LINK)).toMatchObject({ kind: 'refused' });
    expect(service.seen).toHaveLength(4);
  });

  test('says nothing of the link when it is refused or breaks', async () => {
    const service = await serve(storage({ calm: 99, breakAt: 10, etag: '' }));
    const refusal = await upstreamTo(service).download(keyTarget, 'https://evil.example/ann?sig=s');
    const content = await contentOf(upstreamTo(service));
    const failure = await collect(content).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DownloadBroken);
    expect(JSON.stringify([refusal, failure, String(failure)])).not.toMatch(/evil|ann|sig|irisus/);
  });
});
