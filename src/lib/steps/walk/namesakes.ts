import type { Contained, Level } from '../../catalog/family.ts';
import type { Place } from '../../domain/slice.ts';
import { isOwnContainer } from '../../plan/containers.ts';
import { identifiersOf, namedIn } from '../../plan/persons.ts';
import { descend, identityOf, placesBelow } from '../../plan/places.ts';
import { UNNAMED, UNREADABLE } from '../export/owners-within.ts';
import { whyAbsent } from '../slice/absent-list.ts';
import { type SliceContext, servedIn } from '../slice/context.ts';
import { readPage } from '../slice/read-page.ts';
import type { Busy } from '../slice/visit.ts';

/** Other people who are told apart for one container; beyond that it is enough to know that there are many. */
const MOST_OTHERS = 100;

/** What the elements that name a container come to. */
export class Namesakes {
  /** Whether one of them is called like the container. */
  hasOwner = false;
  /** The first by id of those that are walked: the same one in whatever order a list comes. */
  first: string | undefined;
  readonly others = new Set<string>();

  note(contained: Contained, element: unknown): void {
    const id = identityOf(contained.own, element);
    if (id === undefined) return;
    this.hasOwner ||= isOwnContainer(contained, element);
    if (this.first === undefined || id < this.first) this.first = id;
  }

  noteOthers(people: Iterable<string>): void {
    for (const one of people) if (this.others.size < MOST_OTHERS) this.others.add(one);
  }
}

type Found =
  | { readonly kind: 'found'; readonly of: ReadonlyMap<string, Namesakes> }
  | ({ readonly kind: 'busy' } & Busy);

interface Asked {
  readonly level: Level;
  readonly contained: Contained;
  readonly place: Place;
  /** Containers that are asked about: those of one page at most. */
  readonly containers: readonly string[];
  /** Only the person's elements are walked; everybody's where absent. */
  readonly subjectOnly: boolean;
}

/**
 * All elements that name one of some containers, by reading every list in which they may stand: nothing asks for a container's elements.
 * What can't be read counts as somebody else's. What is kept meanwhile grows with the containers asked about, not with the elements read.
 */
export async function namesakesOf(context: SliceContext, asked: Asked): Promise<Found> {
  const { level, contained, place: here, containers } = asked;
  const { family } = context;
  const found = new Map(containers.map((container) => [container, new Namesakes()]));
  const at = servedIn(context);
  const fixed = family.within.slice(0, contained.depth).map(({ parameter }) => parameter);
  const outer = Object.fromEntries(fixed.map((name) => [name, here.parameters[name] ?? '']));
  const places = descend(at, contained.depth, outer);
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { list, identity } = family.within[place.step] ?? level;
    const verdict = await readPage(context, list, place);
    const read = verdict.kind === 'absent' ? await whyAbsent(context, list, place) : verdict;
    if (read.kind === 'busy') return read;
    if (read.kind === 'refused' || read.kind === 'gap') for (const one of found.values()) one.noteOthers([UNREADABLE]);
    if (verdict.kind !== 'ok') continue;
    const { items, next } = verdict.value;
    if (next !== undefined) places.push({ ...place, cursor: next });
    if (place.step === here.step) for (const element of items) noteElement(context, asked, { element, found });
    else
      places.push(
        ...placesBelow(
          at,
          place,
          items.flatMap((element) => identityOf(identity, element) ?? []),
        ),
      );
  }
  return { kind: 'found', of: found };
}

function noteElement(
  context: SliceContext,
  { level, contained, subjectOnly }: Asked,
  { element, found }: { element: unknown; found: ReadonlyMap<string, Namesakes> },
): void {
  const one = found.get(identityOf(contained.in, element) ?? '');
  if (!one) return;
  const named = namedIn(element, level.persons ?? {}, identifiersOf(context.record.submission.subject));
  // Whom a tag mentions isn't the one whose container it is, and neither is the subject for that.
  one.noteOthers(named.owners);
  if (!named.owner && named.owners.size === 0) one.noteOthers([UNNAMED]);
  if (named.owner || !subjectOnly) one.note(contained, element);
}
