import { cancelOrderSchema, decisionOrderSchema, extensionOrderSchema } from '../../domain/orders.ts';
import { cancelledSchema, decidedSchema, extendedSchema } from '../answers.ts';
import type { Description } from '../description.ts';
import { DUE, LINKS, PLAN_HASH, REQUEST_ID, SUBMITTED } from '../examples.ts';
import { OF_REQUEST } from '../parts.ts';

/** What people decide about a request. */
export const ORDER_ROUTES = {
  decideRequest: {
    method: 'POST',
    path: 'requests/{id}/decision',
    tag: 'orders',
    summary: 'Approve or reject a plan',
    details:
      'By somebody else than who submitted, on the hash of the very plan that waits. The same decision may come again. Reasons go into the journal: they must not name the person.',
    roles: ['Dsr.Approve'],
    parts: OF_REQUEST,
    body: {
      schema: decisionOrderSchema,
      examples: {
        approve: { decision: 'approve', planHash: PLAN_HASH },
        reject: { decision: 'reject', planHash: PLAN_HASH, reason: 'The account is still needed.' },
        'approve with something shared': {
          decision: 'approve',
          planHash: PLAN_HASH,
          include: ['5f0c7b1e-6f1e-4f5e-9d0a-2f5f1d7f4a11/tags/8a9f'],
        },
      },
    },
    answer: {
      status: 202,
      description: 'It is decided.',
      json: decidedSchema,
      headers: ['Retry-After'],
      example: {
        requestId: REQUEST_ID,
        state: 'running',
        decision: { decision: 'approve', planHash: PLAN_HASH, actor: 'officer', at: SUBMITTED },
        links: LINKS,
      },
    },
    problems: ['no-request', 'own-request', 'stale-plan', 'decision-too-late', 'not-awaiting-decision'],
  },
  cancelRequest: {
    method: 'POST',
    path: 'requests/{id}/cancel',
    tag: 'orders',
    summary: 'Cancel a request',
    details: 'What was done until then is accounted for in a receipt. May come again.',
    roles: ['Dsr.Submit', 'Dsr.Operate'],
    parts: OF_REQUEST,
    body: {
      schema: cancelOrderSchema,
      mayBeAbsent: true,
      examples: { 'with a reason': { reason: 'It was a mistake.' }, 'without one': {} },
    },
    answer: {
      status: 202,
      description: 'It is cancelled, or will be as soon as what was begun is settled.',
      json: cancelledSchema,
      headers: ['Retry-After'],
      example: {
        requestId: REQUEST_ID,
        state: 'running',
        cancel: { at: SUBMITTED, actor: 'portal', reason: 'It was a mistake.' },
        links: LINKS,
      },
    },
    problems: ['no-request', 'cancel-too-late'],
  },
  extendRequest: {
    method: 'POST',
    path: 'requests/{id}/extend',
    tag: 'orders',
    summary: 'Extend the due date',
    details:
      'Once, while it hasn’t passed: by two months under the GDPR (art. 12(3)), by 45 days under the CCPA. The subject has to be told.',
    roles: ['Dsr.Operate'],
    parts: OF_REQUEST,
    body: { schema: extensionOrderSchema, examples: { complex: { reason: 'The number of requests.' } } },
    answer: {
      status: 200,
      description: 'It is extended.',
      json: extendedSchema,
      example: {
        requestId: REQUEST_ID,
        state: 'running',
        due: {
          regulation: 'gdpr',
          by: '2026-06-01T12:00:00.000Z',
          extension: { at: SUBMITTED, actor: 'operator', reason: 'The number of requests.', before: DUE },
        },
        expectedCompletion: '2026-06-01T12:00:00.000Z',
        deadline: '2026-06-01T12:00:00.000Z',
        links: LINKS,
      },
    },
    problems: ['no-request', 'not-extendable'],
  },
} as const satisfies Record<string, Description>;
