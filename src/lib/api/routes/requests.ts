import { planSchema } from '../../domain/plan.ts';
import { submissionSchema } from '../../domain/request.ts';
import { ROLES } from '../../domain/roles.ts';
import { acceptedSchema, planItemPageSchema, requestPageSchema, requestStatusSchema } from '../answers.ts';
import type { Description } from '../description.ts';
import { DUE, LINKS, PLAN_HASH, REQUEST_ID, SUBMITTED } from '../examples.ts';
import { OF_REQUEST } from '../parts.ts';
import { planItemQuerySchema, requestQuerySchema } from '../queries.ts';

const named = { requestId: REQUEST_ID, state: 'received' } as const;

/** What a portal does. */
export const REQUEST_ROUTES = {
  submitRequest: {
    method: 'POST',
    path: 'requests',
    tag: 'requests',
    summary: 'Hand a request in',
    details:
      'It is taken in and worked on afterwards; a delete waits for a decision. What each member asks for: docs/REQUESTS.md.',
    roles: ['Dsr.Submit'],
    headers: ['Idempotency-Key'],
    body: {
      schema: submissionSchema,
      examples: {
        'export of everything': {
          action: 'export',
          subject: { reference: 'case-4711' },
          targets: 'all',
          scope: 'target',
        },
        'delete of what names a person': {
          action: 'delete',
          subject: { reference: 'case-4711', email: 'ada.lovelace@example.com' },
          targets: ['vision'],
          families: ['cv-images', 'cv-tags'],
          scope: 'subject',
          exportFirst: true,
          regulation: 'gdpr',
          callbackUrls: ['https://portal.example.com/told'],
        },
        'dry run of a delete': {
          action: 'delete',
          subject: { reference: 'case-4711' },
          targets: 'all',
          scope: 'target',
          erase: 'together',
          dryRun: true,
        },
      },
    },
    answer: {
      status: 202,
      description: 'It is taken in.',
      json: acceptedSchema,
      headers: ['Location', 'Retry-After'],
      example: { ...named, expectedCompletion: DUE, links: LINKS },
    },
    problems: ['other-body'],
  },
  getRequest: {
    method: 'GET',
    path: 'requests/{id}',
    tag: 'requests',
    summary: 'See how a request stands',
    details: 'State, times, what it waits for, and for each task how many items were found and what became of them.',
    roles: ROLES,
    parts: OF_REQUEST,
    answer: {
      status: 200,
      description: 'How it stands; `Retry-After` while it is worked on.',
      json: requestStatusSchema,
      headers: ['Retry-After'],
      example: {
        ...named,
        action: 'export',
        dryRun: false,
        targets: ['vision'],
        stateSince: SUBMITTED,
        submittedAt: SUBMITTED,
        submittedBy: 'portal',
        deadline: DUE,
        run: { n: 0, ended: true },
        tasks: [],
        totals: { found: 0, done: 0, open: 0, saved: 0, erased: 0, absent: 0, kept: 0, refused: 0, gaps: 0, bytes: 0 },
        links: LINKS,
      },
    },
    problems: ['no-request'],
  },
  listRequests: {
    method: 'GET',
    path: 'requests',
    tag: 'requests',
    summary: 'List requests',
    details:
      'In no particular order. Without `Dsr.Read` those of the caller’s own client. A page may be short, and a request of the last seconds may be missing: only an answer without `continuation` is the last.',
    roles: ROLES,
    query: requestQuerySchema,
    answer: {
      status: 200,
      description: 'A page of requests.',
      json: requestPageSchema,
      example: {
        requests: [{ ...named, action: 'export', submittedAt: SUBMITTED, targets: ['vision'], links: LINKS }],
      },
    },
  },
  getPlan: {
    method: 'GET',
    path: 'requests/{id}/plan',
    tag: 'requests',
    summary: 'Read what a delete or a dry run would touch',
    details:
      'Of an export there is a plan only if it would hold other people’s data. `hash` is what a decision approves. That somebody read it is a line of the journal.',
    roles: ROLES,
    parts: OF_REQUEST,
    headers: ['If-None-Match'],
    answer: { status: 200, description: 'The plan.', json: planSchema, headers: ['ETag'] },
    also: { 304: { description: 'It has not changed.', headers: ['ETag'] } },
    problems: ['no-request', 'no-plan', 'plan-gone'],
  },
  listPlanItems: {
    method: 'GET',
    path: 'requests/{id}/plan/items',
    tag: 'requests',
    summary: 'List what a delete or a dry run would touch, item by item',
    details:
      'The items of the plan’s inventory, and what would become of each (`fate`), going by what was known when the plan was made. An export that is no dry run takes only sums before it begins: its plan lists no items. That somebody read them is a line of the journal.',
    roles: ROLES,
    parts: OF_REQUEST,
    query: planItemQuerySchema,
    answer: {
      status: 200,
      description: 'A page of items.',
      json: planItemPageSchema,
      example: {
        requestId: REQUEST_ID,
        revision: 1,
        hash: PLAN_HASH,
        items: [{ taskId: '1-00', family: 'cv-projects', target: 'vision', key: 'cv-projects/p1', fate: 'erased' }],
      },
    },
    problems: ['no-request', 'no-plan', 'no-items', 'plan-gone', 'results-gone'],
  },
} as const satisfies Record<string, Description>;
