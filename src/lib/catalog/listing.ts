import { BRANCHES, baseOf, operationsOf } from './catalog.ts';
import type { Branch, Family } from './family.ts';
import { type Confidence, type Operation, pathOf, type Seed, type Verb, verbOf } from './operation.ts';

/** An operation as the catalogue is printed: one line for each family that uses it. */
export interface ListedOperation {
  readonly seed: Seed;
  readonly family: string;
  readonly operation: string;
  readonly method: Verb;
  /** RFC 6570 template of the full URL: what stands in it is always sent, `{?…}` and `{&…}` where it applies. */
  readonly url: string;
  /** Row in contracts/endpoints.md, or the file of contracts/specs that has the operation by its name; and what it rests on. */
  readonly row: string;
  readonly confidence: readonly Confidence[];
}

/** Query parameters that a family's calls of an operation must or may carry, beside what the operation says of itself. */
function familyQuery(
  family: Family,
  operation: Operation,
): { required: readonly string[]; optional: readonly string[] } {
  const { erase, claims } = family;
  const via = (family.bytes ?? []).find((bytes) => bytes.via?.read.operation === operation.operation)?.via;
  const named = (operation.optionalQuery ?? []).filter((name) => via?.parameters[name] !== undefined);
  const claimed = [...named, ...(claims?.read.operation === operation.operation ? [claims.query] : [])];
  if (erase.by !== 'call' || erase.operation.operation !== operation.operation)
    return { required: claimed, optional: [] };
  const batch = erase.batch ? [erase.batch.query] : [];
  return { required: [...claimed, ...batch], optional: Object.keys(erase.everywhere?.query ?? {}) };
}

/** URL template of an operation as a family calls it. */
export function urlTemplate(branch: Branch, family: Family, operation: Operation): string {
  const { paging } = operation;
  const { required, optional } = familyQuery(family, operation);
  const sent = [
    ...Object.entries(operation.query ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(paging?.by === 'skip-take' ? [`take=${paging.take}`, 'skip={skip}'] : []),
    ...(operation.requiredQuery ?? []).map((name) => `${name}={${name}}`),
    ...required.map((name) => `${name}={${name}}`),
  ];
  const possible = [...(operation.optionalQuery ?? []), ...optional].filter((name) => !required.includes(name));
  const fixed = sent.length > 0 ? `?${sent.join('&')}` : '';
  const open = possible.length > 0 ? `{${fixed ? '&' : '?'}${possible.join(',')}}` : '';
  return `${baseOf(branch, operation)}${pathOf(operation.route)}${fixed}${open}`;
}

/** Every operation of every family, in the order of the tables. */
export function listOperations(branches: readonly Branch[] = BRANCHES): readonly ListedOperation[] {
  return branches.flatMap((branch) =>
    branch.families.flatMap((family) =>
      operationsOf(family).map((operation) => ({
        seed: operation.seed,
        family: family.family,
        operation: operation.operation,
        method: verbOf(operation.route),
        url: urlTemplate(branch, family, operation),
        row: operation.row,
        confidence: operation.confidence,
      })),
    ),
  );
}
