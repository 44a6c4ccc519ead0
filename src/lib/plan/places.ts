import type { Family } from '../catalog/family.ts';
import { isIn, type Operation } from '../catalog/operation.ts';
import type { Place } from '../domain/slice.ts';

/** A family as a version of the service has it. */
export interface Served {
  readonly family: Family;
  readonly version: string;
}

/** Parameter that carries the places of the innermost level which were walked before, where items may lie in several. */
export const earlierOf = (parameter: string): string => `earlier:${parameter}`;

/** The lists of a family that a version of the service has. */
export const listsOf = ({ family, version }: Served): readonly Operation[] =>
  family.list.filter((operation) => isIn(operation, version));

/** What is to be read below `parameters` at `depth` levels: the next level, or all of the family's lists. */
export function descend(at: Served, depth: number, parameters: Record<string, string>): Place[] {
  if (depth < at.family.within.length) return [{ step: depth, parameters, offset: 0 }];
  return listsOf(at).map((_, index) => ({ step: depth + index, parameters, offset: 0 }));
}

/** Places below the elements of a level. With `self` the place itself comes first, and each later one names those before it. */
export function placesBelow(at: Served, place: Place, ids: readonly string[]): Place[] {
  const level = at.family.within[place.step];
  if (!level) return [];
  const depth = place.step + 1;
  const own = level.self && place.cursor === undefined ? descend(at, depth, place.parameters) : [];
  const below = ids.flatMap((id, index) => {
    const earlier = level.self ? { [earlierOf(level.parameter)]: ids.slice(0, index).join(',') } : {};
    return descend(at, depth, { ...place.parameters, [level.parameter]: id, ...earlier });
  });
  return [...own, ...below];
}

/**
 * Identity of a listed element, as the catalogue writes it: a member, `a.b` one within another, `a|b` the first that is there, `a+b`
 * several joined by `+`, `a~` only what stands after its last slash, `=word` that word for the only one there is. Undefined when the element isn't what the catalogue says.
 */
export function identityOf(members: string, element: unknown): string | undefined {
  if (members.startsWith('=')) return members.slice(1);
  const parts = members.split('+').map((alternatives) => firstText(alternatives, element));
  const [first] = parts;
  if (first === undefined || !isUsable(first)) return undefined;
  const id = parts.map((part) => part ?? '').join('+');
  return id.isWellFormed() ? id : undefined;
}

function firstText(alternatives: string, element: unknown): string | undefined {
  for (const alternative of alternatives.split('|')) {
    const last = alternative.endsWith('~');
    const value = memberAt(element, last ? alternative.slice(0, -1) : alternative);
    if (typeof value === 'string' && value !== '') return last ? value.slice(value.lastIndexOf('/') + 1) : value;
  }
  return undefined;
}

/** The member at a path with dots; the element itself for an empty one. Undefined where a step leads nowhere. */
export function memberAt(element: unknown, path: string): unknown {
  if (path === '') return element;
  return path.split('.').reduce<unknown>((value, name) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, name) ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;
  }, element);
}

/** What could leave its path segment, or can't be encoded, is no identity. */
const isUsable = (id: string): boolean => id !== '' && id !== '.' && id !== '..' && id.isWellFormed();

/**
 * Stable key of an item: its family and the ids on the way to it, percent-encoded. A place that items share (`self`) isn't part of it:
 * an image is one item wherever it lies.
 */
export function keyOf(family: Family, parameters: Readonly<Record<string, string>>, id: string): string {
  const way = family.within.filter((level) => !level.self).map((level) => parameters[level.parameter] ?? '');
  return [family.family, ...way, id].map(encodeURIComponent).join('/');
}

/** The beginning of a key that names the parent with which items go, `depth` levels below the target. */
export const parentPath = (key: string, depth: number): string =>
  key
    .split('/')
    .slice(1, depth + 1)
    .join('/');

/** Route parameters of a parent at such a path: what `keyOf` put into it, taken out again. */
export function parametersAt(family: Family, path: string): Record<string, string> {
  const values = path.split('/').map(decodeURIComponent);
  const levels = family.within.filter((level) => !level.self).slice(0, values.length);
  return Object.fromEntries(levels.map((level, index) => [level.parameter, values[index] ?? '']));
}
