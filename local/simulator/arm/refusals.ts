import { type Answer, jsonAnswer } from '../http/message.ts';

/** Thrown to refuse in the resource manager's own shape, which it sends whatever the provider's is (endpoints.md, `eW`). */
export class ArmRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The wrapped error; what the gateway itself refuses it marks with `x-ms-failure-cause`, as recorded. */
export function armRefusalAnswer({ status, code, message }: ArmRefusal): Answer {
  return jsonAnswer(status, { error: { code, message } }, { 'x-ms-failure-cause': 'gateway' });
}

/** The recorded 404 of a resource: `type` is all of it below the provider, `name` all names joined by slashes. */
export function resourceNotFound(typeAndName: string, resourceGroup: string): ArmRefusal {
  const message = `The Resource '${typeAndName}' under resource group '${resourceGroup}' was not found.`;
  return new ArmRefusal(404, 'ResourceNotFound', message);
}

/** Seen for other providers (contradictions.md, 5). */
export function hasNestedResources(nested: readonly string[]): ArmRefusal {
  const message = `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${nested.slice(0, 3).join(',')}'. Please delete all nested resources before deleting this resource.`;
  return new ArmRefusal(409, 'CannotDeleteResource', message);
}
