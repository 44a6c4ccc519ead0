import { holdSchema } from '../../domain/hold.ts';
import { holdOrderSchema, liftOrderSchema, redriveOrderSchema, sweepOrderSchema } from '../../domain/orders.ts';
import { failurePageSchema, holdPageSchema, redrivenSchema, sweptSchema } from '../answers.ts';
import type { Description } from '../description.ts';
import { DUE, HOLD_ID, LINKS, REQUEST_ID, SUBMITTED } from '../examples.ts';
import { OF_HOLD, OF_REQUEST, OF_SWEEP } from '../parts.ts';
import { failureQuerySchema, holdQuerySchema, sweepQuerySchema } from '../queries.ts';

const reason = 'litigation';
const reviewBy = '2126-01-01T00:00:00Z';
const hold = { id: HOLD_ID, reason, actor: 'operator', at: SUBMITTED, reviewBy, allowExports: false };

/** What the operator does. */
export const OPERATION_ROUTES = {
  listFailures: {
    method: 'GET',
    path: 'requests/{id}/failures',
    tag: 'operation',
    summary: 'List what failed and may be done again',
    details: 'Of the latest revision of the plan. Items are named by a digest of their key, which ledgers have.',
    roles: ['Dsr.Operate', 'Dsr.Read'],
    parts: OF_REQUEST,
    query: failureQuerySchema,
    answer: {
      status: 200,
      description: 'A page of failures.',
      json: failurePageSchema,
      example: { requestId: REQUEST_ID, failures: [] },
    },
    problems: ['no-request', 'results-gone'],
  },
  redriveRequest: {
    method: 'POST',
    path: 'requests/{id}/redrive',
    tag: 'operation',
    summary: 'Have done again what failed',
    details:
      'All of it, or the tasks, slices and items in `only`. While it runs the order is taken up when what is being done has come to its end; a request that ended `partially-completed` is resumed, and gets a new receipt that names the one before.',
    roles: ['Dsr.Operate'],
    parts: OF_REQUEST,
    body: { schema: redriveOrderSchema, examples: { 'all that failed': { reason: 'the lock is lifted' } } },
    answer: {
      status: 202,
      description: 'It is ordered.',
      json: redrivenSchema,
      headers: ['Retry-After'],
      example: {
        requestId: REQUEST_ID,
        state: 'running',
        edition: 2,
        redrives: 1,
        links: LINKS,
      },
    },
    problems: ['no-request', 'not-redrivable'],
  },
  setHold: {
    method: 'POST',
    path: 'holds',
    tag: 'operation',
    summary: 'Hold a request, a target or a person',
    details:
      'On exactly one of `request`, `target` and `reference`. Deletes wait and sweeps skip until it is lifted; what only reads goes on where `allowExports` says so. The same order again is the same hold.',
    roles: ['Dsr.Operate'],
    body: {
      schema: holdOrderSchema,
      examples: {
        'on a person': { reference: 'case-4711', reason, reviewBy },
        'on a target': { target: 'vision', reason, reviewBy, allowExports: true },
      },
    },
    answer: { status: 201, description: 'It is set.', json: holdSchema, headers: ['Location'], example: hold },
  },
  listHolds: {
    method: 'GET',
    path: 'holds',
    tag: 'operation',
    summary: 'List the holds that were not lifted',
    details:
      'Without `Dsr.Read` only those on requests of the own client, and those that the caller set: a page may then be shorter than its limit, or empty, while more follow.',
    roles: ['Dsr.Operate', 'Dsr.Read'],
    query: holdQuerySchema,
    answer: { status: 200, description: 'A page of holds.', json: holdPageSchema, example: { holds: [hold] } },
  },
  liftHold: {
    method: 'DELETE',
    path: 'holds/{holdId}',
    tag: 'operation',
    summary: 'Lift a hold',
    details: 'What waits because of it goes on. May come again.',
    roles: ['Dsr.Operate'],
    parts: OF_HOLD,
    body: { schema: liftOrderSchema, examples: { settled: { reason: 'settled' } } },
    answer: {
      status: 200,
      description: 'The hold, as it was lifted.',
      json: holdSchema,
      example: { ...hold, lifted: { at: DUE, actor: 'operator', reason: 'settled' } },
    },
    problems: ['no-hold'],
  },
  runSweep: {
    method: 'POST',
    path: 'sweeps/{name}',
    tag: 'operation',
    summary: 'Run a sweep now',
    details:
      'It works on the requests of all clients, as long as it has time, and answers with their ids. May be repeated at any time.',
    roles: ['Dsr.Operate'],
    parts: OF_SWEEP,
    query: sweepQuerySchema,
    body: { schema: sweepOrderSchema, mayBeAbsent: true, examples: { 'nothing to choose': {} } },
    answer: {
      status: 200,
      description: 'What it did, or would do.',
      json: sweptSchema,
      example: {
        sweep: 'results',
        dryRun: true,
        counts: { removed: 1, failed: 0 },
        more: false,
        requests: [{ requestId: REQUEST_ID, href: `/api/requests/${REQUEST_ID}` }],
      },
    },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Description>;
