import type { Persons } from '../catalog/family.ts';
import type { Submission } from '../domain/request.ts';

/** Whom a document names. `others`: values that name somebody else, folded; never stored or logged. */
export interface Named {
  readonly subject: boolean;
  readonly others: ReadonlySet<string>;
}

const fold = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** The identifiers of the subject, folded for comparison as whole values: a mail address isn't looked for within a text. */
export function identifiersOf(subject: Submission['subject']): ReadonlySet<string> {
  const all = [subject.objectId, subject.userPrincipalName, subject.email];
  return new Set(all.flatMap((identifier) => (identifier === undefined ? [] : [fold(identifier)])));
}

/**
 * Whom a document names in the members that the catalogue lists: `identity` members always name somebody, `mentions` may hold anything and
 * count only when they name the subject.
 */
export function namedIn(document: unknown, persons: Persons, subject: ReadonlySet<string>): Named {
  const others = new Set<string>();
  let isNamed = false;
  for (const path of persons.identity ?? []) {
    for (const value of valuesAt(document, path)) {
      if (subject.has(value)) isNamed = true;
      else others.add(value);
    }
  }
  for (const path of persons.mentions ?? []) {
    if (valuesAt(document, path).some((value) => subject.has(value))) isNamed = true;
  }
  // A person may stand in one document under several identifiers: who is the subject isn't somebody else besides.
  return { subject: isNamed, others: isNamed && isOnePerson(document, persons, subject) ? new Set() : others };
}

/** All identity members of a group (`createdBy.…`) name one person: when one of them is the subject, all of them are. */
function isOnePerson(document: unknown, persons: Persons, subject: ReadonlySet<string>): boolean {
  const groups = Map.groupBy(persons.identity ?? [], (path) => path.split('.')[0] ?? path);
  return [...groups.values()].every((paths) => {
    const values = paths.flatMap((path) => valuesAt(document, path));
    return values.length === 0 || values.some((value) => subject.has(value));
  });
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
