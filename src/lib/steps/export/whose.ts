import type { Family, Persons } from '../../catalog/family.ts';
import { identifiersOf, namedIn } from '../../plan/persons.ts';
import { identityOf } from '../../plan/places.ts';
import type { SliceContext } from '../slice/context.ts';
import { ALL_IS_THEIRS, type Busy, type Item, SHARED_WITH } from '../slice/visit.ts';
import { isIncluded, ownersWithin, UNNAMED, UNREADABLE } from './owners-within.ts';
import { readItem } from './parts.ts';

/** Whose an item is. `others`: values that name other people; for the count only, never written down as they are. */
export type Whose =
  | {
      readonly kind: 'known';
      readonly item: Item;
      readonly subject: boolean;
      readonly others: ReadonlySet<string>;
      /** Why it could not be told whether it is the subject's. */
      readonly unread?: string;
    }
  | ({ readonly kind: 'busy' } & Busy);

const ELSEWHERE =
  "Whose it is isn't known: it says that it lies in another container than the one in which it was listed.";

const NOBODY: ReadonlySet<string> = new Set();

/** Whether anybody has to be looked for in this request's items of the family. */
export const looksForPersons = (context: SliceContext): boolean =>
  context.record.submission.scope === 'subject' || context.family.persons?.identity !== undefined;

/** Whose an item is, by the members that the catalogue names; reads what has to be read for that. */
export async function whoseIs(context: SliceContext, item: Item): Promise<Whose> {
  const { family } = context;
  const known = (subject: boolean): Whose => ({ kind: 'known', item, subject, others: NOBODY });
  if (item.elsewhere && item.parameters[SHARED_WITH] !== undefined) return unknown(item, ELSEWHERE);
  if (family.subject !== undefined || item.parameters[ALL_IS_THEIRS] !== undefined) return known(true);
  if (family.personsWithin !== undefined) {
    const owners = await ownersWithin(context, family.personsWithin, item.parameters);
    if (owners.kind === 'busy') return owners;
    const known = { ...owners, kind: 'known' as const, item };
    const isTagged = !owners.subject && named(context, family.persons ?? {}, item.document).subject;
    if (!isTagged) return known;
    return isIncluded(context, item.parameters) ? { ...known, subject: true } : mentioned(known);
  }
  if (family.personsVia) return whoseVia(context, family.personsVia, item);
  if (!family.persons) return known(false);
  const read = await readItem(context, item);
  if (read.kind === 'busy') return read;
  const whole = read.kind === 'ok' ? { ...read.item, wasRead: true as const } : item;
  const whose = { ...named(context, family.persons, whole.document), item: whole };
  if (isOdd(whole) && !whose.subject && whose.owners.size === 0) return unknown(item, ODD_SHAPE);
  if (read.kind !== 'failed' || whose.subject) {
    if (!whose.subject) return whose;
    if (holdsOthers(family)) return whose.owner ? whose : mentioned(whose);
    return context.record.include?.includes(item.key) ? { ...whose, others: NOBODY } : whose;
  }
  // What the list says of it is enough only where that names somebody, and the item is gone.
  const isTold = read.outcome === 'absent' && whose.owners.size > 0;
  return isTold ? whose : unknown(item, read.reason);
}

const ODD_SHAPE = 'It has another shape than was inferred: whose it is could not be told.';
/** Nobody may be named where names are looked for, since nothing is where it was thought to be. */
const isOdd = ({ flags, instead }: Item): boolean => flags.length > 0 || instead !== undefined;

const unknown = (item: Item, unread: string): Whose => ({
  kind: 'known',
  item,
  subject: false,
  others: new Set([UNREADABLE]),
  unread,
});

/** What holds more than its own document: more people's than it names. */
const holdsOthers = ({ infrastructure, erase }: Family): boolean =>
  infrastructure !== undefined || (erase.by === 'call' && (erase.contains ?? erase.cascades) !== undefined);

/** A tag that names the person makes the document theirs to see, and nothing that lies behind it: that is somebody else's too. */
const mentioned = <T extends Pick<Extract<Whose, { kind: 'known' }>, 'subject' | 'others'>>(whose: T): T => ({
  ...whose,
  subject: true,
  others: whose.others.size > 0 ? whose.others : new Set([UNNAMED]),
});

function named(context: SliceContext, persons: Persons, document: unknown) {
  const found = namedIn(document, persons, identifiersOf(context.record.submission.subject));
  return { kind: 'known' as const, ...found };
}

/**
 * A document that names nobody belongs to whom another one names: a metric to the person of its run. Where that one isn't named, or isn't
 * there, whose it is isn't known: it is nobody's as little as somebody's.
 */
async function whoseVia(
  context: SliceContext,
  via: NonNullable<SliceContext['family']['personsVia']>,
  item: Item,
): Promise<Whose> {
  const members = Object.entries(via.parameters).map(([name, path]) => [name, identityOf(path, item.document) ?? '']);
  const parameters = { ...item.parameters, ...Object.fromEntries(members) };
  const missing = members.find(([, value]) => value === '');
  if (missing) return unknown(item, `Whose it is isn't known: it has no usable ${missing[0]}.`);
  const verdict = await context.deps.upstream.send(context.target, { operation: via.read, parameters });
  if (verdict.kind === 'busy') return verdict;
  if (verdict.kind === 'refused') return unknown(item, verdict.reason);
  if (verdict.kind === 'absent')
    return unknown(item, `Whose it is isn't known: ${via.read.operation}, which would say so, answered 404.`);
  const { owner, owners } = named(context, via.persons, verdict.value);
  return { kind: 'known', item, subject: owner, others: owners };
}
