import type { Branch } from '../catalog/family.ts';
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
 * The full URL of a call below `base`. `paging` wins over the call's query, that over the optional options, those over the operation's
 * own. A value can't leave its segment or its query option.
 * @throws Error when a route parameter is missing or unusable: a defect.
 */
export function callUrl(base: string, call: Call, paging: Readonly<Record<string, string>> = {}): string {
  const { operation, parameters } = call;
  const query = { ...operation.query, ...optionalQuery(operation, parameters), ...call.query, ...paging };
  const options = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const path = base + fillPath(operation.route, { ...parameters, ...operation.constants });
  return options.length === 0 ? path : `${path}?${options.join('&')}`;
}

/**
 * A call with what the target itself gives for the operation's route (its account, its workspace). The target wins: what an answer says
 * of its own name can't lead a call away from what the operator registered.
 */
export function withTargetValues(branch: Branch, target: Target, call: Call): Call {
  const members = new Map<string, unknown>(Object.entries(target));
  const parameters: Record<string, string> = { ...call.parameters };
  for (const [name, member] of Object.entries(branch.values)) {
    const value = members.get(member);
    if (typeof value === 'string') parameters[name] = value;
  }
  return { ...call, parameters };
}

function optionalQuery(operation: Operation, parameters: Call['parameters']): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of operation.optionalQuery ?? []) {
    const value = parameters[name];
    if (value !== undefined) query[name] = value;
  }
  for (const name of operation.requiredQuery ?? []) {
    const value = parameters[name];
    if (value === undefined || value === '')
      throw new Error(`${operation.operation}: no value for the option ${name}.`);
    query[name] = value;
  }
  return query;
}
