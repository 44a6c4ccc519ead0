import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { requestQuerySchema } from '../lib/api/queries.ts';
import type { RequestRecord } from '../lib/domain/request.ts';
import { ROLES } from '../lib/domain/roles.ts';
import { listRequests } from '../lib/steps/request/list-requests.ts';
import { viewRequest } from '../lib/steps/request/view.ts';
import { json, linksOf, noRequest, RETRY_AFTER, requestHref, requestIdOf } from './http-answers.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalid, invalidFields } from './http-faults.ts';

async function getRequest({ request, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  const found = requestId && (await viewRequest(deps, requestId));
  if (!found) return noRequest();
  const { active, ...view } = found;
  return json(200, { ...view, links: linksOf(view.requestId) }, active ? RETRY_AFTER : {});
}

async function list({ request, deps }: Call): Promise<HttpResponseInit> {
  const query = requestQuerySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success) return invalid('query', query.error);
  const listed = await listRequests(deps, query.data);
  if (listed.kind === 'bad-continuation') {
    return invalidFields('query', [{ field: 'continuation', message: 'is not from an answer of this list' }]);
  }
  const { records, continuation } = listed;
  return json(200, {
    requests: records.map(summary),
    ...(continuation !== undefined && { continuation, links: { next: nextHref(query.data, continuation) } }),
  });
}

const summary = ({ requestId, state, submission, submittedAt, targets }: RequestRecord) => ({
  requestId,
  state,
  action: submission.action,
  submittedAt,
  targets,
  links: { self: requestHref(requestId) },
});

function nextHref({ limit, state, action }: z.infer<typeof requestQuerySchema>, continuation: string): string {
  const query = { limit: String(limit), ...(state && { state }), ...(action && { action }), continuation };
  return `/api/requests?${new URLSearchParams(query)}`;
}

/** `GET /api/requests/{id}` and `GET /api/requests`. */
export function registerRequests(): void {
  registerRoute({ name: 'getRequest', method: 'GET', path: 'requests/{id}', roles: ROLES, answer: getRequest });
  registerRoute({ name: 'listRequests', method: 'GET', path: 'requests', roles: ROLES, answer: list });
}
