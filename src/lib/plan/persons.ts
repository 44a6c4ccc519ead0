import type { Persons } from '../catalog/family.ts';
import { IDENTIFIERS, type Submission } from '../domain/request.ts';

/** Whom a document names. `others`: one value for each other person, folded; never stored or logged. */
export interface Named {
  readonly subject: boolean;
  /** By an identity member, not only mentioned: what has no names of its own, such as the run's artifacts, is theirs then too. */
  readonly owner: boolean;
  readonly others: ReadonlySet<string>;
}

const fold = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** The identifiers of the subject, folded for comparison as whole values: a mail address isn't looked for within a text. */
export function identifiersOf(subject: Submission['subject']): ReadonlySet<string> {
  return new Set(IDENTIFIERS.map((identifier) => fold(subject[identifier] ?? '')).filter((value) => value !== ''));
}

/**
 * Whom a document names in the members that the catalogue lists: `identity` members always name somebody, `mentions` may hold anything and
 * count only when they name the subject.
 */
export function namedIn(document: unknown, persons: Persons, subject: ReadonlySet<string>): Named {
  const groups = identityGroups(document, persons);
  // A person may stand in one document under several identifiers: who is the subject isn't somebody else besides.
  const theirs = new Set(groups.filter((values) => values.some((value) => subject.has(value))).flat());
  const isMentioned = (persons.mentions ?? []).some((path) =>
    valuesAt(document, path).some((value) => subject.has(value)),
  );
  const others = groups.flatMap((values) => (values.some((value) => theirs.has(value)) ? [] : values.slice(0, 1)));
  const owner = theirs.size > 0;
  return { subject: owner || isMentioned, owner, others: new Set(others) };
}

/** Identity members side by side (`createdBy.…`, those of the root) name one person, who is counted once: by the first of them that is filled. */
function identityGroups(document: unknown, persons: Persons): string[][] {
  const groups = Map.groupBy(Object.keys(persons.identity ?? {}), (path) => path.split('.').slice(0, -1).join('.'));
  return [...groups.values()]
    .map((paths) => paths.flatMap((path) => valuesAt(document, path)))
    .filter((values) => values.length > 0);
}

/** Folded texts at a path with dots; `*` is every member or element. */
function valuesAt(document: unknown, path: string): string[] {
  let places: unknown[] = [document];
  for (const name of path.split('.')) places = places.flatMap((place) => step(place, name));
  return places.flatMap((place) => (typeof place === 'string' && place.trim() !== '' ? [fold(place)] : []));
}

function step(place: unknown, name: string): unknown[] {
  if (place === null || typeof place !== 'object') return [];
  if (name === '*') return Object.values(place);
  return Object.hasOwn(place, name) ? [new Map<string, unknown>(Object.entries(place)).get(name)] : [];
}
