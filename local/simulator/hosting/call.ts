import type { Answer, SimulatedRequest } from '../http/message.ts';
import { jsonAnswer, queryValue } from '../http/message.ts';
import { type Operation, operationsOn } from '../http/operation.ts';
import { ownUrlWith, type Placed, pageOf, wishedSize } from '../http/paging.ts';
import { Refusal } from '../http/refusal.ts';
import type { LinkMaker } from '../storage/links.ts';
import type { LearningWorld } from '../world/learning/model.ts';
import type { ModelRegistry } from '../world/learning/registry.ts';
import type { Behaviour } from '../world/model.ts';

/** A call that reached an account of the Model Management data plane. */
export interface HostingCall {
  readonly request: SimulatedRequest;
  readonly learning: LearningWorld;
  readonly behaviour: Behaviour;
  readonly links: LinkMaker;
  readonly registry: ModelRegistry;
  /** Id of the cluster that images and services are computed on. */
  readonly computeResourceId: string;
}

/** One operation; routes begin after `/accounts/{accountName}`. Nothing is published: names are ours. */
export type HostingOperation = Operation<HostingCall>;

/** Writes down one operation. */
export const operation = operationsOn<HostingCall>();

/** The error body `eM` (endpoints.md; definition `ModelErrorResponse` of the successor): code, message, details and status in one object. */
export function hostingRefusalAnswer({ status, code, message }: Refusal): Answer {
  return jsonAnswer(status, { code, message, details: [], statusCode: status });
}

/** A page of a list: `{value, nextLink}`, sizes by `count`, the link absolute on its own base and absent on the last page. */
export function hostingList<Item extends Placed>(
  call: Pick<HostingCall, 'request' | 'behaviour'>,
  items: Iterable<Item>,
  document: (item: Item) => object,
): Answer {
  const size = wishedSize(call.request, 'count', call.behaviour.pageSize);
  const page = pageOf(items, size, queryValue(call.request, '$skipToken'));
  return jsonAnswer(200, {
    value: page.items.map(document),
    ...(page.token !== undefined && { nextLink: ownUrlWith(call.request, call.behaviour.skipTokenName, page.token) }),
  });
}

/** The items that all given filters let through; a filter that the request doesn't name lets everything through. */
export function filtered<Item>(
  request: SimulatedRequest,
  items: Iterable<Item>,
  filters: Readonly<Record<string, (item: Item, wanted: string) => boolean>>,
): Item[] {
  const active = Object.entries(filters).flatMap(([name, test]) => {
    const wanted = queryValue(request, name);
    return wanted === undefined ? [] : [(item: Item) => test(item, wanted)];
  });
  return [...items].filter((item) => active.every((test) => test(item)));
}

/** The item of that id. Throws 404: a name isn't an id. */
export function itemOf<Item>(items: ReadonlyMap<string, Item>, id: string, kind: string): Item {
  const item = items.get(id.toLowerCase());
  if (!item) throw new Refusal(404, `${kind}NotFound`, `The ${kind} with id ${id} was not found.`);
  return item;
}

/** 200 for what was there, 204 for what wasn't. */
export function deletion<Item>(items: Map<string, Item>, id: string, also: (item: Item) => void = () => {}): Answer {
  const item = items.get(id);
  if (item === undefined) return { status: 204, headers: {} };
  const apply = () => {
    also(item);
    items.delete(id);
  };
  return { status: 200, headers: { 'Content-Length': '0' }, effect: { apply } };
}

/** Throws 409 when something refers to an item and the world wants that refused. */
export function refuseReferenced(call: HostingCall, referrers: Iterable<{ readonly id: string }>): void {
  const [first] = referrers;
  if (call.behaviour.referencedItems === 'deletable' || !first) return;
  throw new Refusal(409, 'ResourceInUse', `The resource is in use by ${first.id}.`);
}
