import { randomUUID } from 'node:crypto';
import {
  app,
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { actorOf, presentedKey } from '../lib/app/actor.ts';
import { dependencies, settings } from '../lib/app/composition.ts';
import { problem } from '../lib/app/problem.ts';
import type { Actor } from '../lib/domain/actor.ts';
import type { Dependencies } from '../lib/steps/dependencies.ts';
import { StorageFailure, TooMuchContention } from '../lib/store/failure.ts';
import { RETRY_LATER } from './http-answers.ts';

/** What a handler works with. */
export interface Call {
  readonly request: HttpRequest;
  readonly actor: Actor;
  readonly deps: Dependencies;
}

export interface Route {
  /** Unique among all functions of the app, whatever their trigger. */
  readonly name: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly answer: (call: Call) => Promise<HttpResponseInit>;
}

/** Registers a route behind the one edge at which nothing is thrown. */
export function registerRoute(route: Route): void {
  app.http(route.name, {
    methods: [route.method],
    route: route.path,
    authLevel: 'function',
    handler: (request, context) => answerSafely(route, request, context),
  });
}

/**
 * A handler that throws answers after 240 s in stream mode (local-host.md), so everything is caught here. An error's message may quote a
 * person or a secret: only its class is told, and only to the log.
 */
async function answerSafely(route: Route, request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  try {
    const actor = actorOf(settings().callers, presentedKey(request));
    return await route.answer({ request, actor, deps: await dependencies() });
  } catch (error) {
    return failed(route, context, error);
  }
}

function failed(route: Route, context: InvocationContext, error: unknown): HttpResponseInit {
  const errorId = randomUUID();
  const errorClass = error instanceof Error ? error.name : typeof error;
  context.error(JSON.stringify({ event: 'http-failed', function: route.name, errorId, errorClass }));
  const detail = 'The log has more under this errorId.';
  // Nothing is lost by asking again: every route may be called twice.
  const passing = error instanceof StorageFailure || error instanceof TooMuchContention;
  return passing
    ? problem('unavailable', { detail, errorId, headers: RETRY_LATER })
    : problem('internal', { detail, errorId });
}
