import { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpRequest } from '@azure/functions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody, readBody } from '../../src/functions/http-body.ts';
import { guarded } from '../../src/functions/http-headers.ts';
import { cancelOrderSchema, decisionOrderSchema } from '../../src/lib/domain/orders.ts';
import { submissionSchema } from '../../src/lib/domain/request.ts';

const SCHEMAS = [submissionSchema, decisionOrderSchema, cancelOrderSchema];
const post = (bytes: Uint8Array, contentType = 'application/json'): HttpRequest =>
  new HttpRequest({ method: 'POST', url: 'http://x/api', body: { bytes }, headers: { 'content-type': contentType } });

describe('A body', () => {
  it('is parsed or refused with a clear 4xx, whatever it is', async () => {
    const members = fc.dictionary(
      fc.constantFrom(
        'action',
        'subject',
        'targets',
        'families',
        'scope',
        'reason',
        'decision',
        'planHash',
        'include',
        'callbackUrls',
        '__proto__',
      ),
      fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom('export', 'delete', 'all', 'target', 'approve', 'http://', 'https://['),
      ),
    );
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      members.map((value) => Buffer.from(JSON.stringify(value))),
    );
    const property = fc.asyncProperty(bytes, fc.constantFrom(...SCHEMAS), async (sent, schema) => {
      const parsed = await parseBody<unknown>(post(sent), schema);
      if (parsed.kind === 'body') return;
      expect([400, 413, 415]).toContain(parsed.response.status);
      expect(JSON.parse(parsed.response.body)).toMatchObject({ status: parsed.response.status });
    });
    await fc.assert(property, { numRuns: 10_000 });
  });

  it('that never ends is refused when its time is over, and left', async () => {
    let isLeft = false;
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await delay(5);
        controller.enqueue(Buffer.from(' '));
      },
      cancel: () => {
        isLeft = true;
      },
    });
    const read = await readBody({ headers: new Headers(), body }, 0.05);
    expect(read).toMatchObject({ kind: 'refused', why: 'too-slow', response: { status: 408 } });
    expect(isLeft).toBe(true);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'may be said to be %s',
    async (type) => {
      expect((await parseBody(post(Buffer.from('{}'), type), cancelOrderSchema)).kind).toBe('body');
    },
  );
  it.each([
    '',
    'text/json',
    'application/json;',
    'application/json; charset=latin1',
    'application/json, text/plain',
    'application/jsonx',
  ])('may not be said to be "%s"', async (type) => {
    const parsed = await parseBody(post(Buffer.from('{}'), type), cancelOrderSchema);
    expect(parsed).toMatchObject({ kind: 'refused', response: { status: 415 } });
  });
});

describe('An answer over https', () => {
  it('says that the site is to be reached so only, as the client sees it', () => {
    const transport = (url: string, headers: Record<string, string> = {}) =>
      new Headers(guarded({}, new HttpRequest({ method: 'GET', url, headers }), []).headers).get(
        'strict-transport-security',
      );
    expect(transport('https://dsr.example.com/api')).toMatch(/^max-age=\d{8}/);
    expect(transport('http://10.0.0.1/api', { 'x-forwarded-proto': 'https,http' })).toMatch(/^max-age/);
    expect(transport('http://localhost/api')).toBeNull();
  });
});
