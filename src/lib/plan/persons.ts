import type { Persons } from '../catalog/family.ts';
import { IDENTIFIERS, type Submission } from '../domain/request.ts';

/** Whom a document names. Of other people one value for each, folded; never stored or logged. */
export interface Named {
  readonly subject: boolean;
  /** By an identity member, not only mentioned: what has no names of its own, such as the run's artifacts, is theirs then too. */
  readonly owner: boolean;
  /** Others whom identity members name. */
  readonly owners: ReadonlySet<string>;
  /** Those, or else the others who are mentioned: one who is named by id here and by mail there isn't two. */
  readonly others: ReadonlySet<string>;
}

const fold = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** A mail address or user principal name and nothing else: `git@host:path` is neither, nor is `model@1.0`. */
const ADDRESS = /^[^\s@<>()[\],;:"\\/]+@(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+$/u;
const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The identifiers of the subject, folded for comparison as whole values: a mail address isn't looked for within a text. */
export function identifiersOf(subject: Submission['subject']): ReadonlySet<string> {
  return new Set(IDENTIFIERS.map((identifier) => fold(subject[identifier] ?? '')).filter((value) => value !== ''));
}

/**
 * Whom a document names in the members that the catalogue lists: `identity` members always name somebody; `mentions` may hold anything and
 * count when they name the subject, or when they have the shape of an identifier.
 */
export function namedIn(document: unknown, persons: Persons, subject: ReadonlySet<string>): Named {
  const groups = identityGroups(document, persons);
  // A person may stand in one document under several identifiers: who is the subject isn't somebody else besides.
  const theirs = new Set(groups.filter((values) => values.some((value) => subject.has(value))).flat());
  const mentioned = (persons.mentions ?? []).flatMap((path) =>
    valuesAt(document, path).map((value) => ({ value, path })),
  );
  const owners = new Set(
    groups.flatMap((values) => (values.some((value) => theirs.has(value)) ? [] : values.slice(0, 1))),
  );
  const known = new Set([...subject, ...theirs]);
  const strangers = mentioned.filter(({ value, path }) => !known.has(value) && isSomebody(value, path, persons));
  const owner = theirs.size > 0;
  return {
    subject: owner || mentioned.some(({ value }) => subject.has(value)),
    owner,
    owners,
    others: owners.size > 0 ? owners : new Set(strangers.map(({ value }) => value)),
  };
}

const isSomebody = (value: string, path: string, { objectIds = [] }: Persons): boolean =>
  ADDRESS.test(value) || (objectIds.includes(path) && OBJECT_ID.test(value));

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
