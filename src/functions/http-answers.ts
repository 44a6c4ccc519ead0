import type { HttpResponseInit } from '@azure/functions';
import { type ProblemResponse, problem } from '../lib/app/problem.ts';
import { type RequestId, requestIdSchema } from '../lib/domain/ids.ts';

/** host.json's routePrefix. */
const PREFIX = '/api';
/** Seconds after which it makes sense to look again at a request that is being worked on. */
export const RETRY_AFTER = { 'retry-after': '2' } as const;

/** Of an answer that says: not now. */
export const RETRY_LATER = { 'retry-after': '5' } as const;

export const requestHref = (requestId: RequestId, rest = ''): string => `${PREFIX}/requests/${requestId}${rest}`;

/** Where a request's other documents are. */
export const linksOf = (requestId: RequestId): Record<string, string> => ({
  self: requestHref(requestId),
  plan: requestHref(requestId, '/plan'),
  decision: requestHref(requestId, '/decision'),
  cancel: requestHref(requestId, '/cancel'),
  extend: requestHref(requestId, '/extend'),
  failures: requestHref(requestId, '/failures'),
  redrive: requestHref(requestId, '/redrive'),
  package: requestHref(requestId, '/package'),
  receipt: requestHref(requestId, '/receipt'),
  journal: requestHref(requestId, '/journal'),
});

/** An answer in JSON that nobody may store on the way. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponseInit {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}

/** The id in the address; undefined for what can't be one, which then is as unknown as any other. */
export const requestIdOf = (params: Readonly<Record<string, string>>): RequestId | undefined =>
  requestIdSchema.safeParse(params.id).data;

export const noRequest = (): ProblemResponse =>
  problem('no-request', { detail: 'No request has this id; it may have been forgotten.' });
