import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { publishedKeys } from '../lib/app/composition.ts';
import { problem } from '../lib/app/problem.ts';
import { guarded } from './http-headers.ts';

/** A new key signs at once; whoever has an older copy of this looks again after ten minutes. */
const CACHE_SECONDS = 600;

/** Never throws: wrong settings come as a promise that fails. */
async function answer(request: HttpRequest): Promise<HttpResponseInit> {
  return guarded(await keys(), request, []);
}

async function keys(): Promise<HttpResponseInit> {
  try {
    const body = JSON.stringify(await publishedKeys());
    const headers = { 'content-type': 'application/jwk-set+json', 'cache-control': `public, max-age=${CACHE_SECONDS}` };
    return { status: 200, headers, body };
  } catch {
    return problem('internal', { detail: 'The settings of the app are not in order: see its log.' });
  }
}

/** `GET /api/.well-known/jwks.json`, for whoever asks: the public keys of receipts (RFC 7517). */
export const registerKeys = (): void =>
  app.http('publishKeys', {
    methods: ['GET'],
    route: '.well-known/jwks.json',
    authLevel: 'anonymous',
    handler: answer,
  });
