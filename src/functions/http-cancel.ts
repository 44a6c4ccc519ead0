import type { HttpResponseInit } from '@azure/functions';
import { problem } from '../lib/app/problem.ts';
import { cancelOrderSchema } from '../lib/domain/orders.ts';
import { cancel } from '../lib/steps/request/cancel.ts';
import { json, linksOf, noRequest, RETRY_AFTER, requestIdOf } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerRoute } from './http-edge.ts';

async function answer({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const body = await parseBody(request, cancelOrderSchema);
  if (body.kind === 'refused') return body.response;
  const cancelled = await cancel(deps, { requestId, reason: body.value.reason, actor });
  switch (cancelled.kind) {
    case 'missing':
      return noRequest();
    case 'unnamed':
      return problem('unnamed-caller', { detail: 'A key without a name may only cancel what it submitted itself.' });
    case 'too-late':
      return problem('cancel-too-late', { detail: `The request is ${cancelled.state}.` });
    case 'cancelled': {
      const { state, cancel: wish } = cancelled.record;
      return json(202, { requestId, state, cancel: wish, links: linksOf(requestId) }, RETRY_AFTER);
    }
  }
}

/** `POST …/cancel`. */
export const registerCancel = (): void =>
  registerRoute({
    name: 'cancelRequest',
    method: 'POST',
    path: 'requests/{id}/cancel',
    roles: ['Dsr.Submit', 'Dsr.Operate'],
    operates: true,
    answer,
  });
