import { familyNamed } from '../../catalog/catalog.ts';
import { identifiersOf, namedIn } from '../../plan/persons.ts';
import { descend } from '../../plan/places.ts';
import { whyAbsent } from '../slice/absent-list.ts';
import { type SliceContext, servedIn } from '../slice/context.ts';
import { readPage } from '../slice/read-page.ts';
import { ALL_IS_THEIRS, type Busy } from '../slice/visit.ts';

/** Other people counted one by one; beyond that it is enough to know that there are many. */
const MOST_OTHERS = 1000;

/** Stands among other people for those whom nobody could look for. */
export const UNREADABLE = 'somebody whose data could not be read';

/** Stands among other people where something is there that names nobody. */
export const UNNAMED = 'somebody who is not named';

type Owners =
  | {
      readonly kind: 'owners';
      readonly subject: boolean;
      readonly others: ReadonlySet<string>;
      /** Why some of it could not be read: whether the subject is among them is not known then. */
      readonly unread?: string;
    }
  | ({ readonly kind: 'busy' } & Busy);

/**
 * Whose a container is: the people whom the documents of one family within it name. What can't be read counts as somebody else's, so
 * that nothing shared is taken for the subject's alone.
 */
export async function ownersWithin(
  context: SliceContext,
  name: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Owners> {
  const family = familyNamed(name);
  const inner: SliceContext = { ...context, family };
  const identifiers = identifiersOf(context.record.submission.subject);
  const others = new Set<string>();
  const mentioned = new Set<string>();
  let subject = false;
  let unread: string | undefined;
  const places = descend(servedIn(inner), family.within.length, { ...parameters });
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const operation = family.list[place.step - family.within.length];
    if (!operation) continue;
    const verdict = await readPage(inner, operation, place);
    const read = verdict.kind === 'absent' ? await whyAbsent(inner, operation, place) : verdict;
    if (read.kind === 'busy') return read;
    if (read.kind === 'refused' || read.kind === 'gap') {
      others.add(UNREADABLE);
      unread = read.reason;
    }
    if (verdict.kind !== 'ok') continue;
    for (const document of verdict.value.items) {
      const named = namedIn(document, family.persons ?? {}, identifiers);
      subject ||= named.subject;
      for (const other of named.owners) if (others.size < MOST_OTHERS) others.add(other);
      for (const other of named.others) if (mentioned.size < MOST_OTHERS) mentioned.add(other);
      // A tag that names the subject doesn't say whose it is.
      if (!named.owner && named.owners.size === 0) others.add(UNNAMED);
    }
    if (verdict.value.next !== undefined) places.push({ ...place, cursor: verdict.value.next });
  }
  const decided = unread === undefined && isIncluded(context, parameters);
  // Who owns something in it may be mentioned in it by another name: those who are only mentioned count where nobody else does.
  const counted = others.size > 0 ? others : mentioned;
  return {
    kind: 'owners',
    subject,
    others: decided ? new Set() : counted,
    ...(unread === undefined ? {} : { unread }),
  };
}

/** A decision may name a shared container explicitly: then it counts as the subject's alone, with all that lies within it. */
export function isIncluded({ record }: SliceContext, parameters: Readonly<Record<string, string>>): boolean {
  const path = Object.entries(parameters)
    .filter(([name]) => name !== ALL_IS_THEIRS)
    .map(([, value]) => encodeURIComponent(value))
    .join('/');
  return (record.include ?? []).some((key) => key.slice(key.indexOf('/') + 1) === path);
}
