import type { Family } from '../../catalog/family.ts';
import type { Place } from '../../domain/slice.ts';
import { versionOf } from '../../domain/target.ts';
import { descend, identityOf, listsOf, placesBelow } from '../../plan/places.ts';
import { whyAbsent } from './absent-list.ts';
import type { SliceContext } from './context.ts';
import { readPage } from './read-page.ts';

/** One page of what lies within an item; or why it can't be read on. */
export type Within =
  | {
      readonly kind: 'items';
      readonly items: readonly unknown[];
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Everything that a family has below an item, page by page; what isn't `items` is the last. */
export async function* listedWithin(
  context: SliceContext,
  family: Family,
  parameters: Readonly<Record<string, string>>,
): AsyncGenerator<Within> {
  const at = { family, version: versionOf(context.target) };
  const places: Place[] = descend(at, depthOf(family, parameters), { ...parameters });
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const level = family.within[place.step];
    const operation = level?.list ?? listsOf(at)[place.step - family.within.length];
    if (!operation) continue;
    const verdict = await readPage(context, operation, place);
    if (verdict.kind === 'busy') return yield verdict;
    if (verdict.kind === 'refused') return yield { kind: 'refused', reason: verdict.reason };
    if (verdict.kind === 'absent') {
      const why = await whyAbsent({ ...context, family }, operation, place);
      if (why.kind === 'gone') continue;
      return yield why.kind === 'busy' ? why : { kind: 'refused', reason: why.reason };
    }
    const { items, next } = verdict.value;
    if (!level) yield { kind: 'items', items, parameters: place.parameters };
    if (next !== undefined) places.push({ ...place, cursor: next });
    if (level) {
      const ids = items.flatMap((element) => identityOf(level.identity, element) ?? []);
      places.push(...placesBelow(at, place, ids));
    }
  }
}

/** Levels of the family that the item itself fixes: none where the item is the target's root. */
function depthOf({ within }: Family, parameters: Readonly<Record<string, string>>): number {
  const open = within.findIndex(({ parameter }) => parameters[parameter] === undefined);
  return open < 0 ? within.length : open;
}
