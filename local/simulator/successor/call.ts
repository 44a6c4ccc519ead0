import { z } from 'zod';
import type { HistoryCall } from '../experiments/call.ts';
import { type Answer, jsonAnswer, type SimulatedRequest } from '../http/message.ts';
import { type Operation, operationsOn } from '../http/operation.ts';
import { type Placed, pageOf } from '../http/paging.ts';
import { Refusal } from '../http/refusal.ts';
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
export type SuccessorOperation = Operation<SuccessorCall>;

/** Writes down one operation on the registry. */
export const registryOperation = operationsOn<SuccessorCall>();

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
    throw new Refusal(400, 'BadArgument', 'The body cannot be read.');
  }
}

function readQuery(request: SimulatedRequest): z.output<typeof queryParametersSchema> {
  return bodyOf(request, queryParametersSchema);
}

function filterOf(filter: string): (document: object) => boolean {
  const [, member = '', value] = /^\s*(\w+)\s+eq\s+['"](.*)['"]\s*$/i.exec(filter) ?? [];
  if (value === undefined) throw new Refusal(400, 'BadArgument', `The filter '${filter}' is not understood.`);
  return (document) =>
    Object.entries(document).some(([key, own]) => key.toLowerCase() === member.toLowerCase() && own === value);
}
