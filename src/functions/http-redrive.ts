import type { HttpResponseInit } from '@azure/functions';
import { failureQuerySchema } from '../lib/api/queries.ts';
import { problem } from '../lib/app/problem.ts';
import { redriveOrderSchema } from '../lib/domain/orders.ts';
import { listFailures } from '../lib/steps/redrive/failures.ts';
import { redrive } from '../lib/steps/redrive/redrive.ts';
import { json, linksOf, noRequest, RETRY_AFTER, requestHref, requestIdOf } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalid, invalidFields } from './http-faults.ts';

async function answer({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const body = await parseBody(request, redriveOrderSchema);
  if (body.kind === 'refused') return body.response;
  const redriven = await redrive(deps, { requestId, order: body.value, actor });
  switch (redriven.kind) {
    case 'missing':
      return noRequest();
    case 'unnamed':
      return problem('unnamed-caller', { detail: 'Only a key that the operator has named may send requests again.' });
    case 'unknown':
      return invalidFields('body', [
        { field: `only.${redriven.index}.taskId`, message: 'is no task of this request, as it is now' },
      ]);
    case 'refused':
      return problem('not-redrivable', { detail: redriven.why });
    case 'ordered': {
      const { state, plan, edition, redrives } = redriven.record;
      return json(202, { requestId, state, plan, edition, redrives, links: linksOf(requestId) }, RETRY_AFTER);
    }
  }
}

async function failures({ request, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const query = failureQuerySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success) return invalid('query', query.error);
  const listed = await listFailures(deps, { requestId, ...query.data });
  switch (listed.kind) {
    case 'missing':
      return noRequest();
    case 'gone':
      return problem('results-gone', { detail: `They were removed since ${listed.since}; the receipt stays.` });
    case 'bad-continuation':
      return invalidFields('query', [{ field: 'continuation', message: 'is not from an answer of this list' }]);
    case 'page': {
      const { continuation } = listed;
      const next = new URLSearchParams({ limit: String(query.data.limit), continuation: continuation ?? '' });
      return json(200, {
        requestId,
        failures: listed.failures,
        ...(continuation !== undefined && {
          continuation,
          links: { next: requestHref(requestId, `/failures?${next}`) },
        }),
      });
    }
  }
}

/** `GET …/failures` and `POST …/redrive`. */
export function registerRedrive(): void {
  registerRoute({
    name: 'listFailures',
    method: 'GET',
    path: 'requests/{id}/failures',
    roles: ['Dsr.Operate', 'Dsr.Read'],
    answer: failures,
  });
  registerRoute({
    name: 'redriveRequest',
    method: 'POST',
    path: 'requests/{id}/redrive',
    roles: ['Dsr.Operate'],
    operates: true,
    answer,
  });
}
