import { holdSchema } from '../../domain/hold.ts';
import { holdOrderSchema, liftOrderSchema } from '../../domain/orders.ts';
import { holdPageSchema, sweptSchema } from '../answers.ts';
import type { Description } from '../description.ts';
import { DUE, HOLD_ID, REQUEST_ID, SUBMITTED } from '../examples.ts';
import { OF_HOLD, OF_SWEEP } from '../parts.ts';
import { holdQuerySchema, sweepQuerySchema } from '../queries.ts';

const reason = 'litigation';
const reviewBy = '2126-01-01T00:00:00Z';
const hold = { id: HOLD_ID, reason, actor: 'operator', at: SUBMITTED, reviewBy, allowExports: false };

/** What the operator does. */
export const OPERATION_ROUTES = {
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
