import type { Level } from '../../catalog/family.ts';
import type { Place } from '../../domain/slice.ts';
import { identifiersOf, namedIn } from '../../plan/persons.ts';
import { identityOf } from '../../plan/places.ts';
import type { SliceContext } from '../slice/context.ts';
import { ALL_IS_THEIRS, type Busy, type Purpose } from '../slice/visit.ts';
import { ownersWithin } from './owners-within.ts';

/**
 * Elements of a level below which the walk goes on. `theirs`: those below which everything is the subject's, and how many other people it
 * is besides.
 */
export type Elements =
  | { readonly kind: 'elements'; readonly items: readonly unknown[]; readonly theirs: ReadonlyMap<unknown, number> }
  | ({ readonly kind: 'busy' } & Busy);

/**
 * In subject scope a level is gone down only where the person may be met: below a run of theirs all is theirs, below a project that is
 * theirs alone too; below any other each item speaks for itself, where it can. What couldn't be read is gone down too, and meets the same
 * refusal there. In target scope, and when an inventory is taken again, every element is wanted.
 */
export async function elementsOfSubject(
  context: SliceContext,
  level: Level,
  page: { place: Place; items: readonly unknown[]; purpose: Purpose },
): Promise<Elements> {
  const { record } = context;
  const all: Elements = { kind: 'elements', items: page.items, theirs: new Map() };
  if (record.submission.scope !== 'subject' || page.purpose === 'recheck') return all;
  if (page.place.parameters[ALL_IS_THEIRS] !== undefined) return all;
  const { persons, personsWithin } = level;
  if (persons) {
    const identifiers = identifiersOf(record.submission.subject);
    const items = page.items.filter((item) => namedIn(item, persons, identifiers).owner);
    return { kind: 'elements', items, theirs: new Map(items.map((item) => [item, 0])) };
  }
  if (personsWithin === undefined) return all;
  const items: unknown[] = [];
  const theirs = new Map<unknown, number>();
  for (const item of page.items) {
    const id = identityOf(level.identity, item);
    const owners =
      id === undefined
        ? undefined
        : await ownersWithin(context, personsWithin, { ...page.place.parameters, [level.parameter]: id });
    if (owners?.kind === 'busy') return owners;
    if (owners && !owners.subject && owners.unread === undefined && !speaksForItself(context, personsWithin)) continue;
    items.push(item);
    if (owners?.subject && owners.others.size === 0) theirs.set(item, 0);
  }
  return { kind: 'elements', items, theirs };
}

/** Whether items of the family can name the person also where the documents that say whose the place is don't. */
const speaksForItself = ({ family }: SliceContext, owners: string): boolean =>
  family.subject !== undefined || (family.persons !== undefined && family.family !== owners);
