import { randomUUID } from 'node:crypto';
import {
  app,
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { input } from 'durable-functions';
import { isLocal } from '../lib/app/authenticate.ts';
import type { Caller } from '../lib/app/caller.ts';
import { authenticate, dependencies, limitRate, settings } from '../lib/app/composition.ts';
import { writeLog } from '../lib/app/log.ts';
import { problem } from '../lib/app/problem.ts';
import { SettingsError } from '../lib/app/settings.ts';
import { type Actor, callerOf, clientOf } from '../lib/domain/actor.ts';
import { errorClassOf } from '../lib/domain/error-class.ts';
import type { Role } from '../lib/domain/roles.ts';
import type { Dependencies } from '../lib/steps/dependencies.ts';
import { REQUESTS_QUEUE } from '../lib/steps/queue-names.ts';
import { StorageFailure, TooMuchContention } from '../lib/store/failure.ts';
import { ownRecords } from '../lib/store/own-records.ts';
import { RETRY_LATER } from './http-answers.ts';
import { guarded } from './http-headers.ts';
import { noCaller, noRole } from './http-refusals.ts';
import { alsoThroughOutput, outputsTo } from './queue-outputs.ts';

/** What a handler works with. */
export interface Call {
  readonly request: HttpRequest;
  readonly actor: Actor;
  /** Its records are those that the caller may see or operate here; without such a role, the requests of its own client. */
  readonly deps: Dependencies;
  /** Whether the caller may read what is other clients'. */
  readonly readsAll: boolean;
  /** Of this invocation: what its bindings bring. */
  readonly context: InvocationContext;
}

export interface Route {
  /** Unique among all functions of the app, whatever their trigger. */
  readonly name: string;
  readonly method: HttpMethod;
  readonly path: string;
  /** Any one of these opens the route. */
  readonly roles: readonly Role[];
  /** Keeps requests going or holds them back: `Dsr.Operate` reaches those of all clients here, and is answered ids, states and orders only. */
  readonly operates?: true;
  /** The route works with the durable client. */
  readonly durable?: true;
  readonly answer: (call: Call) => Promise<HttpResponseInit>;
}

/** Routes that change something tell the host at once that there is something to do. */
const toRequests = outputsTo([REQUESTS_QUEUE]);

/** Registers a route behind the one edge at which nothing is thrown. */
export function registerRoute(route: Route): void {
  app.http(route.name, {
    methods: [route.method],
    route: route.path,
    authLevel: 'function',
    ...(route.durable && { extraInputs: [input.durableClient()] }),
    ...(route.method !== 'GET' && { extraOutputs: [...toRequests.values()] }),
    handler: (request, context) =>
      answerSafely({ name: route.name, request, context }, () => answerCaller(route, request, context)),
  });
}

/** A route that whoever knows the address may GET: the address itself is the secret. */
export interface OpenRoute {
  readonly name: string;
  readonly path: string;
  readonly answer: (request: HttpRequest, deps: Dependencies) => Promise<HttpResponseInit>;
}

/** Registers it behind the same edge. In local mode it serves its own machine only, as everything else does. */
export function registerOpenRoute({ name, path, answer }: OpenRoute): void {
  app.http(name, {
    methods: ['GET'],
    route: path,
    authLevel: 'anonymous',
    handler: (request, context) =>
      answerSafely({ name, request, context }, async () => {
        if (settings().authentication.mode === 'local' && !isLocal(request)) return noCaller({ kind: 'not-local' });
        return answer(request, await dependencies());
      }),
  });
}

interface Invocation {
  readonly name: string;
  readonly request: HttpRequest;
  readonly context: InvocationContext;
}

/**
 * A handler that throws answers after 240 s in stream mode (local-host.md), so everything is caught here. An error's message may quote a
 * person or a secret: only its class is told, and only to the log.
 */
async function answerSafely(
  invocation: Invocation,
  answer: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const { request } = invocation;
  let origins: readonly string[] = [];
  try {
    origins = settings().http.corsOrigins;
    return guarded(await answer(), request, origins);
  } catch (error) {
    return guarded(failed(invocation, error), request, origins);
  }
}

async function answerCaller(route: Route, request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const found = await authenticate(request);
  if (found.kind !== 'caller') {
    const why = 'fault' in found ? found.fault : found.kind;
    writeLog('caller-refused', { function: route.name, why });
    return noCaller(found);
  }
  const { actor, roles } = found.caller;
  const wait = limitRate(callerOf(actor));
  if (wait !== undefined) return problem('too-many-requests', { headers: { 'retry-after': String(wait) } });
  if (!route.roles.some((role) => roles.has(role))) return noRole(found.caller, route.roles);
  const deps = await dependencies();
  const queues =
    route.method === 'GET' ? deps.queues : alsoThroughOutput(deps.queues, { outputs: toRequests, context });
  const reached = reachedBy(found.caller, route, { ...deps, queues });
  return route.answer({ request, actor, deps: reached, readsAll: roles.has('Dsr.Read'), context });
}

function reachedBy({ actor, roles }: Caller, { operates }: Route, deps: Dependencies): Dependencies {
  const all = roles.has('Dsr.Read') || (operates && roles.has('Dsr.Operate'));
  return all ? deps : { ...deps, records: ownRecords(deps.records, clientOf(actor)) };
}

function failed({ name, context }: Invocation, error: unknown): HttpResponseInit {
  const errorId = randomUUID();
  const errorClass = errorClassOf(error);
  // These name settings and never their values.
  const faults = error instanceof SettingsError ? { faults: error.faults } : {};
  context.error(JSON.stringify({ event: 'http-failed', function: name, errorId, errorClass, ...faults }));
  const detail = 'The log has more under this errorId.';
  // Nothing is lost by asking again: every route may be called twice.
  const passing = error instanceof StorageFailure || error instanceof TooMuchContention;
  return passing
    ? problem('unavailable', { detail, errorId, headers: RETRY_LATER })
    : problem('internal', { detail, errorId });
}
