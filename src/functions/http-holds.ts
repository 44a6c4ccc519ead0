import type { HttpResponseInit } from '@azure/functions';
import { holdQuerySchema } from '../lib/api/queries.ts';
import { problem } from '../lib/app/problem.ts';
import { holdOrderSchema, liftOrderSchema } from '../lib/domain/orders.ts';
import type { Role } from '../lib/domain/roles.ts';
import { ownHolds } from '../lib/steps/own-holds.ts';
import { liftHold, setHold } from '../lib/steps/request/order-hold.ts';
import { json } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalid, invalidFields } from './http-faults.ts';

const UNNAMED = 'Only a key that the operator has named may set and lift holds.';

async function post({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const body = await parseBody(request, holdOrderSchema);
  if (body.kind === 'refused') return body.response;
  const set = await setHold(deps, body.value, actor);
  switch (set.kind) {
    case 'unnamed':
      return problem('unnamed-caller', { detail: UNNAMED });
    case 'unknown':
      return invalidFields('body', [{ field: set.field, message: 'is not known here' }]);
    case 'review-passed':
      return invalidFields('body', [{ field: 'reviewBy', message: 'must lie in the future' }]);
    case 'set':
      return json(201, set.hold, { location: `/api/holds/${set.hold.id}` });
  }
}

async function lift({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const body = await parseBody(request, liftOrderSchema);
  if (body.kind === 'refused') return body.response;
  const lifted = await liftHold(deps, { id: request.params.holdId ?? '', reason: body.value.reason, actor });
  switch (lifted.kind) {
    case 'unnamed':
      return problem('unnamed-caller', { detail: UNNAMED });
    case 'missing':
      return problem('no-hold', { detail: 'No hold has this id.' });
    case 'lifted':
      return json(200, lifted.hold);
  }
}

async function list({ request, actor, deps, readsAll }: Call): Promise<HttpResponseInit> {
  const query = holdQuerySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success) return invalid('query', query.error);
  const page = await deps.holds.list(query.data);
  return json(200, readsAll ? page : { ...page, holds: await ownHolds(deps, page.holds, actor) });
}

const PATH = 'holds/{holdId}';
const ROLES: readonly Role[] = ['Dsr.Operate'];

/** `POST /api/holds`, `GET /api/holds`, `DELETE /api/holds/{id}`. */
export function registerHolds(): void {
  registerRoute({ name: 'setHold', method: 'POST', path: 'holds', roles: ROLES, operates: true, answer: post });
  registerRoute({ name: 'listHolds', method: 'GET', path: 'holds', roles: ['Dsr.Operate', 'Dsr.Read'], answer: list });
  registerRoute({ name: 'liftHold', method: 'DELETE', path: PATH, roles: ROLES, operates: true, answer: lift });
}
