import { type Answer, jsonAnswer } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';

/** The resource manager's own shape, which it sends whatever the provider's is (endpoints.md, `eW`): a wrapped error; what the gateway itself refuses it marks with `x-ms-failure-cause`, as recorded. */
export function armRefusalAnswer({ status, code, message }: Refusal): Answer {
  return jsonAnswer(status, { error: { code, message } }, { 'x-ms-failure-cause': 'gateway' });
}

/** The recorded 404 of a resource: `type` is all of it below the provider, `name` all names joined by slashes. */
export function resourceNotFound(typeAndName: string, resourceGroup: string): Refusal {
  const message = `The Resource '${typeAndName}' under resource group '${resourceGroup}' was not found.`;
  return new Refusal(404, 'ResourceNotFound', message);
}

/** Seen for other providers (contradictions.md, 5). */
export function hasNestedResources(nested: readonly string[]): Refusal {
  const message = `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${nested.slice(0, 3).join(',')}'. Please delete all nested resources before deleting this resource.`;
  return new Refusal(409, 'CannotDeleteResource', message);
}
