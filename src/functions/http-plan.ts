import type { HttpResponseInit } from '@azure/functions';
import { planItemQuerySchema } from '../lib/api/queries.ts';
import { type ProblemResponse, problem } from '../lib/app/problem.ts';
import { decisionOrderSchema } from '../lib/domain/orders.ts';
import { ROLES } from '../lib/domain/roles.ts';
import { namesTag } from '../lib/steps/export/byte-range.ts';
import { type Decided, decide } from '../lib/steps/request/decide.ts';
import { listPlanItems, type PlanItems } from '../lib/steps/request/plan-items.ts';
import { type NoPlan, viewPlan } from '../lib/steps/request/view-plan.ts';
import { json, linksOf, noRequest, RETRY_AFTER, requestHref, requestIdOf } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalid, invalidFields } from './http-faults.ts';

async function getPlan({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const view = await viewPlan(deps, requestId, actor);
  if (view.kind !== 'plan') return noPlan(view);
  const etag = `"${view.plan.hash}"`;
  const known = request.headers.get('if-none-match');
  if (known !== null && namesTag(known, etag)) return { status: 304, headers: { etag } };
  return json(200, view.plan, { etag, 'cache-control': 'no-cache, private' });
}

async function getItems({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const query = planItemQuerySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success) return invalid('query', query.error);
  const listed = await listPlanItems(deps, { requestId, actor, ...query.data });
  if (listed.kind !== 'page') return noItems(listed);
  const { plan, items, continuation } = listed;
  const { revision, hash } = plan;
  if (continuation === undefined) return json(200, { requestId, revision, hash, items });
  const { limit, task } = query.data;
  const next = new URLSearchParams({ ...(task !== undefined && { task }), limit: String(limit), continuation });
  const links = { next: requestHref(requestId, `/plan/items?${next}`) };
  return json(200, { requestId, revision, hash, items, continuation, links });
}

function noItems(listed: Exclude<PlanItems, { kind: 'page' }>): ProblemResponse {
  switch (listed.kind) {
    case 'missing':
    case 'gone':
    case 'none':
      return noPlan(listed);
    case 'results-gone':
      return problem('results-gone', { detail: `They were removed since ${listed.since}; the plan’s sums stay.` });
    case 'no-items':
      return problem('no-items', { detail: 'Before an export begins only sums are taken.' });
    case 'unknown-task':
      return invalidFields('query', [{ field: 'task', message: 'is no task of this plan' }]);
    case 'bad-continuation':
      return invalidFields('query', [
        { field: 'continuation', message: 'is not from an answer of this list, or the plan was made anew' },
      ]);
  }
}

function noPlan(view: NoPlan): ProblemResponse {
  switch (view.kind) {
    case 'missing':
      return noRequest();
    case 'gone':
      return problem('plan-gone', { detail: `It left with the person at ${view.since}.` });
    case 'none':
      return problem('no-plan', { detail: view.reason });
  }
}

async function postDecision({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const body = await parseBody(request, decisionOrderSchema);
  if (body.kind === 'refused') return body.response;
  const decided = await decide(deps, { requestId, order: body.value, actor });
  if (decided.kind !== 'decided') return refusal(decided);
  const { state, decision } = decided.record;
  return json(202, { requestId, state, decision, links: linksOf(requestId) }, RETRY_AFTER);
}

function refusal(decided: Exclude<Decided, { kind: 'decided' }>): ProblemResponse {
  switch (decided.kind) {
    case 'missing':
      return noRequest();
    case 'unnamed':
      return problem('unnamed-caller', { detail: 'Only a key that the operator has named may decide.' });
    case 'own-request':
      return problem('own-request', {
        detail:
          'The decision needs somebody else than who submitted the request, or the application through which it came.',
      });
    case 'own-widening':
      return problem('own-request', {
        detail: 'Who had the plan take in shared things can not approve it: the decision needs somebody else.',
      });
    case 'stale-plan':
      return problem('stale-plan', { detail: 'The hash is not that of the plan that waits: read the plan again.' });
    case 'too-late':
      return problem('decision-too-late', { detail: 'The deadline of the decision has passed.' });
    case 'not-awaiting':
      return problem('not-awaiting-decision', { detail: `The request is ${decided.state}.` });
  }
}

/** `GET …/plan`, `GET …/plan/items` and `POST …/decision`. */
export function registerPlan(): void {
  registerRoute({ name: 'getPlan', method: 'GET', path: 'requests/{id}/plan', roles: ROLES, answer: getPlan });
  registerRoute({
    name: 'listPlanItems',
    method: 'GET',
    path: 'requests/{id}/plan/items',
    roles: ROLES,
    answer: getItems,
  });
  registerRoute({
    name: 'decideRequest',
    method: 'POST',
    path: 'requests/{id}/decision',
    roles: ['Dsr.Approve'],
    answer: postDecision,
  });
}
