import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { settings } from '../lib/app/composition.ts';
import { problem } from '../lib/app/problem.ts';
import { guarded } from './http-headers.ts';

const ALLOWED = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers':
    'Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, X-Functions-Key',
  'access-control-max-age': '600',
} as const;

/** Never throws: in stream mode nobody would answer. */
async function answer(request: HttpRequest): Promise<HttpResponseInit> {
  let origins: readonly string[] = [];
  try {
    origins = settings().http.corsOrigins;
  } catch {
    return guarded(
      problem('internal', { detail: 'The settings of the app are not in order: see its log.' }),
      request,
      [],
    );
  }
  const allowed = origins.includes(request.headers.get('origin') ?? '');
  return guarded(allowed ? { status: 204, headers: ALLOWED } : problem('no-cors'), request, origins);
}

/** `OPTIONS` on every path, without a key, as browsers ask before they send one (Fetch standard, "CORS-preflight fetch"). */
export const registerPreflight = (): void =>
  app.http('preflight', { methods: ['OPTIONS'], route: '{*path}', authLevel: 'anonymous', handler: answer });
