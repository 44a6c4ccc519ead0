import type { HttpResponseInit } from '@azure/functions';
import { IDEMPOTENCY_KEY } from '../lib/api/headers.ts';
import { problem } from '../lib/app/problem.ts';
import { submissionSchema } from '../lib/domain/request.ts';
import { submit } from '../lib/steps/request/submit.ts';
import { json, linksOf, RETRY_AFTER, requestHref } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalidFields } from './http-faults.ts';

async function answer({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const idempotencyKey = request.headers.get('idempotency-key');
  if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    const message = 'must be 1 to 255 visible ASCII characters';
    return invalidFields('headers', [{ field: 'Idempotency-Key', message }]);
  }
  const body = await parseBody(request, submissionSchema);
  if (body.kind === 'refused') return body.response;
  const submitted = await submit(deps, {
    submission: body.value,
    actor,
    ...(idempotencyKey !== null && { idempotencyKey }),
  });
  switch (submitted.kind) {
    case 'unknown-names':
      return invalidFields(
        'body',
        submitted.names.map(({ field, name }) => ({ field, message: `"${name}" is not known here.` })),
      );
    case 'callbacks-refused':
      return invalidFields(
        'body',
        submitted.faults.map(({ place, message }) => ({ field: `callbackUrls.${place}`, message })),
      );
    case 'other-body':
      return problem('other-body', { detail: 'Use another key for another request.' });
    case 'accepted': {
      const { requestId, state, due } = submitted.record;
      const headers = { location: requestHref(requestId), ...RETRY_AFTER };
      const expected = due && { expectedCompletion: due.by };
      return json(202, { requestId, state, ...expected, links: linksOf(requestId) }, headers);
    }
  }
}

/** `POST /api/requests`: takes a request in. */
export const registerSubmit = (): void =>
  registerRoute({ name: 'submitRequest', method: 'POST', path: 'requests', roles: ['Dsr.Submit'], answer });
