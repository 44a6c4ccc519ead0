import type { Contained, Level } from '../../catalog/family.ts';
import type { Place } from '../../domain/slice.ts';
import { isOwnContainer } from '../../plan/containers.ts';
import { identityOf } from '../../plan/places.ts';
import type { Elements } from '../export/elements-of-subject.ts';
import type { SliceContext } from '../slice/context.ts';
import { namesakesOf } from './namesakes.ts';

type Chosen = Extract<Elements, { kind: 'elements' }>;

/**
 * The elements of a page whose containers are walked here. A container that several name is walked once: below the one that is called
 * like it, or else below the first of them. One of the person's that others name too isn't the person's alone.
 *
 * Nothing is remembered of other pages: where an element names another's container, or a person's element any, all are read again.
 */
export async function inContainers(
  context: SliceContext,
  { level, place }: { level: Level; place: Place },
  chosen: Chosen,
): Promise<Elements> {
  const { contained } = level;
  if (!contained) return chosen;
  const subjectOnly = chosen.theirs.size > 0;
  const inDoubt = chosen.items.filter((item) => subjectOnly || isWalkedOnce(level, contained, item));
  const containers = inDoubt.flatMap((item) => identityOf(contained.in, item) ?? []);
  if (containers.length === 0) return chosen;
  const found = await namesakesOf(context, { level, contained, place, containers, subjectOnly });
  if (found.kind === 'busy') return found;
  const namesakes = (item: unknown) => found.of.get(identityOf(contained.in, item) ?? '');
  const items = chosen.items.filter((item) => {
    const all = isWalkedOnce(level, contained, item) ? namesakes(item) : undefined;
    return all === undefined || (!all.hasOwner && (all.first ?? '') === identityOf(contained.own, item));
  });
  const theirs = new Map([...chosen.theirs.keys()].map((item) => [item, namesakes(item)?.others.size ?? 0]));
  return { ...chosen, items, theirs };
}

/** The level's elements are containers, and this one is another's, as far as its name says: it may be walked there. */
const isWalkedOnce = (level: Level, contained: Contained, item: unknown): boolean =>
  level.identity === contained.in && !isOwnContainer(contained, item);
