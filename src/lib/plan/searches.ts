import { familyNamed } from '../catalog/catalog.ts';
import type { Family, Persons } from '../catalog/family.ts';
import type { Search } from '../domain/plan.ts';
import { IDENTIFIERS, type Identifier, type Submission } from '../domain/request.ts';

const WORDS: Readonly<Record<Identifier, string>> = {
  objectId: 'Entra object id',
  userPrincipalName: 'user principal name',
  email: 'mail address',
};

/**
 * By which identifiers a family's documents name people, and which of them the request gives: what names the person otherwise isn't found,
 * and that is said. Undefined where nobody is looked for. Holds the kinds of identifiers, never one of them.
 */
export function searchOf(
  family: Family,
  { action, scope, subject }: Pick<Submission, 'action' | 'scope' | 'subject'>,
): Search | undefined {
  if (scope !== 'subject' && !family.subject) return undefined;
  const { owners, by } = namesIn(family);
  const given = by.filter((identifier) => subject[identifier] !== undefined);
  const missing = by.filter((identifier) => subject[identifier] === undefined);
  const notices = [
    noticeOf(family, { owners, by, missing }),
    action === 'delete' ? family.subject?.othersGo : undefined,
  ];
  const notice = notices.filter((sentence) => sentence !== undefined).join(' ');
  return { by, given, ...(notice === '' ? {} : { notice }) };
}

interface Names {
  /** Identifier that every document with an owner has. */
  readonly owners: Identifier | undefined;
  readonly by: Identifier[];
}

function noticeOf(
  family: Family,
  { owners, by, missing }: Names & { missing: readonly Identifier[] },
): string | undefined {
  if (family.subject) return missing.length > 0 ? family.subject.ground : undefined;
  if (by.length === 0) return 'It has no members by which a person is looked for: by itself nothing of it is found.';
  if (owners !== undefined && missing.includes(owners)) {
    return `It names people by ${WORDS[owners]}, which the request does not give; by user name only in places. What names the person by it alone was not found, and counts as somebody else's.`;
  }
  if (missing.length === 0) return undefined;
  const words = missing.map((identifier) => WORDS[identifier]).join(' or ');
  const where = personsOf(family).some(({ mentions = [] }) => mentions.length > 0)
    ? 'Its tags, properties or texts'
    : 'It';
  return `${where} may name the person by ${words} too, which the request does not give.`;
}

function namesIn(family: Family): Names {
  const all = personsOf(family);
  const named = new Set(all.flatMap(({ identity = {} }) => Object.values(identity)));
  const isFree = all.some(({ mentions = [] }) => mentions.length > 0);
  if (family.subject) return { owners: family.subject.identifier, by: [family.subject.identifier] };
  const has: Readonly<Record<Identifier, boolean>> = {
    objectId: named.has('objectId'),
    userPrincipalName: named.has('userName'),
    email: named.has('email'),
  };
  const by = IDENTIFIERS.filter((identifier) => isFree || has[identifier]);
  return { owners: named.has('objectId') ? 'objectId' : undefined, by };
}

/** All documents that say whose an item of the family is: its own, those on the way to it, those within it. */
function personsOf({ persons, personsVia, personsWithin, within }: Family): Persons[] {
  const inner = [personsWithin, ...within.map((level) => level.personsWithin)].flatMap((name) => name ?? []);
  return [
    ...(persons ? [persons] : []),
    ...(personsVia ? [personsVia.persons] : []),
    ...within.flatMap((level) => level.persons ?? []),
    ...inner.flatMap((name) => familyNamed(name).persons ?? []),
  ];
}
