import { branchOf, fillBase } from '../catalog/catalog.ts';
import { fillPath, type Operation } from '../catalog/operation.ts';
import type { Target } from '../domain/target.ts';

/** One use of a documented operation. `parameters` fill its route and its optional query options, `query` is added as it is. */
export interface Call {
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * The full URL of a call. `paging` wins over the call's query, that over the optional options, those over the operation's own.
 * A value can't leave its segment or its query option.
 * @throws Error when a route parameter is missing or unusable, or the target is in no branch: defects.
 */
export function callUrl(target: Target, call: Call, paging: Readonly<Record<string, string>> = {}): string {
  const { operation, parameters } = call;
  const query = { ...operation.query, ...optionalQuery(operation, parameters), ...call.query, ...paging };
  const options = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const path = baseUrl(target, operation) + fillPath(operation.route, parameters);
  return options.length === 0 ? path : `${path}?${options.join('&')}`;
}

function baseUrl(target: Target, operation: Operation): string {
  const branch = branchOf(target.kind);
  if (!branch) throw new Error(`No branch of the catalogue has targets of kind ${target.kind}.`);
  return fillBase(branch, operation, target);
}

function optionalQuery(operation: Operation, parameters: Call['parameters']): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of operation.optionalQuery ?? []) {
    const value = parameters[name];
    if (value !== undefined) query[name] = value;
  }
  return query;
}
