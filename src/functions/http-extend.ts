import type { HttpResponseInit } from '@azure/functions';
import { problem } from '../lib/app/problem.ts';
import { extensionOrderSchema } from '../lib/domain/orders.ts';
import { extend } from '../lib/steps/request/extend.ts';
import { json, linksOf, noRequest, requestIdOf } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerRoute } from './http-edge.ts';

async function answer({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const body = await parseBody(request, extensionOrderSchema);
  if (body.kind === 'refused') return body.response;
  const extended = await extend(deps, { requestId, reason: body.value.reason, actor });
  switch (extended.kind) {
    case 'missing':
      return noRequest();
    case 'unnamed':
      return problem('unnamed-caller', { detail: 'Only a key that the operator has named may extend a due date.' });
    case 'not-extendable':
      return problem('not-extendable', { detail: extended.why });
    case 'extended': {
      const { state, deadline } = extended.record;
      const { due } = extended;
      return json(200, { requestId, state, due, expectedCompletion: due.by, deadline, links: linksOf(requestId) });
    }
  }
}

/** `POST …/extend`. */
export const registerExtend = (): void =>
  registerRoute({
    name: 'extendRequest',
    method: 'POST',
    path: 'requests/{id}/extend',
    roles: ['Dsr.Operate'],
    operates: true,
    answer,
  });
