import { placeholdersOf } from './mentions.ts';
import { type Operation, pathOf, verbOf } from './operation.ts';

/** Names that stand more than once, each once. */
export const twice = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** Rules of one operation by itself. */
export function operationFaults(operation: Operation): readonly string[] {
  const faults: string[] = [];
  const { operation: name, route } = operation;
  const placeholders = placeholdersOf(pathOf(route));
  if (!/^(GET|DELETE|POST) (\/[^\s/]+)+$/.test(route)) faults.push(`${name}: "${route}" is not a verb and a path.`);
  if (operation.confidence.length === 0) faults.push(`${name}: no confidence is stated.`);
  for (const parameter of twice(placeholders)) faults.push(`${name}: {${parameter}} stands twice in its route.`);
  for (const parameter of Object.keys(operation.constants ?? {}).filter((given) => !placeholders.includes(given)))
    faults.push(`${name}: gives {${parameter}}, which its route doesn't have.`);
  // A path in the middle could swallow what follows it.
  if (/\{\+\w+\}./.test(route)) faults.push(`${name}: a path stands elsewhere than at the end of its route.`);
  // Each page but the first begins with the last element of the one before.
  if (operation.paging?.by === 'skip-take' && operation.paging.take < 2)
    faults.push(`${name}: its pages hold too little.`);
  return [...faults, ...verbFaults(operation)];
}

/** A POST that may be repeated, and pages of a list that is posted for, both say so by their paging. */
function verbFaults({ operation: name, route, paging, longRunning }: Operation): readonly string[] {
  const verb = verbOf(route);
  const faults: string[] = [];
  if (paging?.by === 'query-token' && verb !== 'POST') faults.push(`${name}: is queried by token, but with ${verb}.`);
  if (verb === 'POST' && paging?.by !== 'query-token') faults.push(`${name}: posts, but is no query.`);
  if (verb === 'DELETE' && paging) faults.push(`${name}: deletes, and has pages.`);
  if (longRunning && verb === 'GET') faults.push(`${name}: reads, and runs on.`);
  return faults;
}
