import { createHash } from 'node:crypto';
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { openApiText } from '../lib/api/document.ts';
import { problem } from '../lib/app/problem.ts';
import { namesTag } from '../lib/steps/export/byte-range.ts';
import { guarded } from './http-headers.ts';

const CACHE = { 'cache-control': 'public, max-age=600' } as const;

interface Served {
  readonly text: string;
  readonly etag: string;
}
let served: Served | undefined;

/** Made once for the process: it depends on nothing but the code. */
function made(): Served {
  if (!served) {
    const text = openApiText();
    served = { text, etag: `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"` };
  }
  return served;
}

function document(request: HttpRequest): HttpResponseInit {
  const { text, etag } = made();
  const known = request.headers.get('if-none-match');
  const headers = { ...CACHE, etag };
  if (known !== null && namesTag(known, etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body: text };
}

/** Never throws: in stream mode nobody would answer. */
async function answer(request: HttpRequest): Promise<HttpResponseInit> {
  try {
    return guarded(document(request), request, []);
  } catch {
    return guarded(problem('internal'), request, []);
  }
}

/** `GET /api/openapi.json`, for whoever asks: it tells nothing of this installation. */
export const registerOpenApi = (): void =>
  app.http('describeApi', { methods: ['GET'], route: 'openapi.json', authLevel: 'anonymous', handler: answer });
