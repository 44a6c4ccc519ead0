import type { HttpResponseInit } from '@azure/functions';
import { sweepQuerySchema } from '../lib/api/queries.ts';
import { problem } from '../lib/app/problem.ts';
import { sweepOrderSchema } from '../lib/domain/orders.ts';
import { isSweepName, SWEEP_NAMES } from '../lib/domain/sweeps.ts';
import { json, requestHref } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalid } from './http-faults.ts';
import { sweep } from './sweeps.ts';

/** Shorter than a client waits for an answer (230 s on Azure). */
const SECONDS = 120;

async function answer({ request, context }: Call): Promise<HttpResponseInit> {
  const name = request.params.name ?? '';
  if (!isSweepName(name)) return problem('not-found', { detail: `There are the sweeps ${SWEEP_NAMES.join(', ')}.` });
  const query = sweepQuerySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success) return invalid('query', query.error);
  const body = await parseBody(request, sweepOrderSchema);
  if (body.kind === 'refused') return body.response;
  const dryRun = query.data.dryRun === 'true';
  const { counts, requests, more } = await sweep(name, context, { seconds: SECONDS, dryRun });
  const named = requests.map((requestId) => ({ requestId, href: requestHref(requestId) }));
  return json(200, { sweep: name, dryRun, counts, more, requests: named });
}

/** `POST /api/sweeps/{name}?dryRun=…`. */
export const registerSweepRoute = (): void =>
  registerRoute({
    name: 'runSweep',
    method: 'POST',
    path: 'sweeps/{name}',
    roles: ['Dsr.Operate'],
    durable: true,
    answer,
  });
