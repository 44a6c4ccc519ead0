import { z } from 'zod';
import { type HistoryCall, operation as historyOperation } from '../experiments/call.ts';
import { ExperimentsRefusal } from '../experiments/refusals.ts';
import { type Answer, jsonAnswer, queryValue, type SimulatedRequest } from '../http/message.ts';
import { ownUrlWith, type Placed, pageOf, wishedSize } from '../http/paging.ts';
import type { PathParameters } from '../http/router.ts';
import type { Simulation } from '../simulation.ts';
import type { SuccessorRegistry } from '../world/learning/registry.ts';

/** A call that reached a workspace of the successor. */
export interface SuccessorCall extends HistoryCall {
  readonly registry: SuccessorRegistry;
  readonly simulation: Simulation;
  /** Where the workspace's paths begin: `/subscriptions/…/workspaces/{workspace}`. */
  readonly workspacePath: string;
}

/** One operation; routes begin after the workspace, with the name of the service before: `GET history/experiments/{experimentName}`. */
export interface SuccessorOperation {
  readonly route: string;
  readonly name: string;
  readonly handle: (call: SuccessorCall, parameters: Readonly<Record<string, string>>) => Answer;
}

/** Writes down one operation on run history or artifacts. */
export const pastOperation = historyOperation;

/** Writes down one operation on the registry; the handler's parameters are typed by the route. */
export function registryOperation<const Route extends string>(
  route: Route,
  name: string,
  handle: (call: SuccessorCall, parameters: PathParameters<Route>) => Answer,
): SuccessorOperation {
  // The router fills exactly the parameters that the route names, which the compiler can't see through a Record.
  return { route, name, handle: handle as SuccessorOperation['handle'] };
}

/** A page of the registry: `{value, nextLink}`, sizes by `count`, continued by `$skipToken`. */
export function registryList<Item extends Placed>(
  call: SuccessorCall,
  items: Iterable<Item>,
  document: (item: Item) => object,
): Answer {
  const size = wishedSize(call.request, 'count', call.behaviour.pageSize);
  const page = pageOf(items, size, queryValue(call.request, '$skipToken'));
  return jsonAnswer(200, {
    value: page.items.map(document),
    ...(page.token !== undefined && { nextLink: ownUrlWith(call.request, '$skipToken', page.token) }),
  });
}

const queryParametersSchema = z.object({
  filter: z.string().nullish(),
  continuationToken: z.string().nullish(),
  top: z.number().int().min(1).nullish(),
});

/**
 * A page of what a POST asks for (definition `QueryParams`), continued by posting the token back; a link would be followed with GET. Of filters
 * `member eq 'value'` is understood; throws 400 on any other.
 */
export function queriedList<Item extends Placed>(
  call: HistoryCall,
  items: Iterable<Item>,
  document: (item: Item) => object,
): Answer {
  const { filter, continuationToken, top } = readQuery(call.request);
  const wanted = filter ? filterOf(filter) : undefined;
  const found = [...items].filter((item) => !wanted || wanted(document(item)));
  const size = Math.min(top ?? call.behaviour.pageSize, call.behaviour.pageSize);
  const page = pageOf(found, size, continuationToken ?? undefined);
  return jsonAnswer(200, {
    value: page.items.map(document),
    continuationToken: page.token ?? null,
    nextLink: null,
  });
}

/** The body as JSON; throws 400 when it is none. */
export function bodyOf<Shape>(request: SimulatedRequest, schema: z.ZodType<Shape>): Shape {
  try {
    return schema.parse(request.body === '' ? {} : JSON.parse(request.body));
  } catch {
    throw new ExperimentsRefusal(400, 'BadArgument', 'The body cannot be read.');
  }
}

function readQuery(request: SimulatedRequest): z.output<typeof queryParametersSchema> {
  return bodyOf(request, queryParametersSchema);
}

function filterOf(filter: string): (document: object) => boolean {
  const [, member = '', value] = /^\s*(\w+)\s+eq\s+['"](.*)['"]\s*$/i.exec(filter) ?? [];
  if (value === undefined)
    throw new ExperimentsRefusal(400, 'BadArgument', `The filter '${filter}' is not understood.`);
  return (document) =>
    Object.entries(document).some(([key, own]) => key.toLowerCase() === member.toLowerCase() && own === value);
}
