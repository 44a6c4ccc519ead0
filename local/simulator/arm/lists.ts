import { type Answer, jsonAnswer, queryValue } from '../http/message.ts';
import { ownUrlWith, pageOf } from '../http/paging.ts';
import type { ArmCall } from './call.ts';

/** What a list of resources holds: each with its place in the list and its document. */
export interface ListedResource {
  readonly name: string;
  readonly created: number;
}

/** A page of a resource list: `{value}`, and `nextLink` only when more follows, as recorded. */
export function armList<Resource extends ListedResource>(
  call: ArmCall,
  resources: Iterable<Resource>,
  document: (resource: Resource) => object,
): Answer {
  const ordered = [...resources]
    .map((resource) => ({ id: resource.name, created: resource.created, resource }))
    .sort((one, other) => one.created - other.created || (one.id < other.id ? -1 : 1));
  const { items, token } = pageOf(ordered, call.behaviour.pageSize, queryValue(call.request, '$skiptoken'));
  return jsonAnswer(200, {
    value: items.map(({ resource }) => document(resource)),
    ...(token !== undefined && { nextLink: ownUrlWith(call.request, '$skiptoken', token) }),
  });
}

/** The resources of a subscription, or of one of its groups. */
export function within<Resource extends { readonly subscriptionId: string; readonly resourceGroup: string }>(
  resources: ReadonlyMap<string, Resource>,
  scope: { readonly subscriptionId: string; readonly resourceGroupName?: string },
): Resource[] {
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  return [...resources.values()].filter(
    ({ subscriptionId, resourceGroup }) =>
      same(subscriptionId, scope.subscriptionId) &&
      (scope.resourceGroupName === undefined || same(resourceGroup, scope.resourceGroupName)),
  );
}
