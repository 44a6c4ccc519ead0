import type { Level } from '../../catalog/family.ts';
import type { Place } from '../../domain/slice.ts';
import { identityOf, placesBelow } from '../../plan/places.ts';
import type { Page } from '../../upstream/upstream.ts';
import { elementsOfSubject } from '../export/elements-of-subject.ts';
import { type SliceContext, servedIn } from '../slice/context.ts';
import { readPage } from '../slice/read-page.ts';
import type { SliceResult } from '../slice/result.ts';
import { ALL_IS_THEIRS, type Purpose, placeName, SHARED_WITH, type Visit } from '../slice/visit.ts';
import { visitAbsent } from './absent.ts';
import { inContainers } from './containers.ts';
import { Seen } from './seen.ts';

/** Reads one page of a level and says what lies below its elements. */
export async function walkLevel(
  context: SliceContext,
  purpose: Purpose,
  { place, result }: { place: Place; result: SliceResult },
): Promise<Visit> {
  const { family } = context;
  const level = family.within[place.step];
  if (!level) throw new Error(`${family.family} has no level ${place.step}.`);
  const verdict = await readPage(context, level.list, place);
  switch (verdict.kind) {
    case 'busy':
      return { next: [place], busy: verdict };
    case 'refused':
      result.add({ line: 'gap', place: placeName(context, place), reason: verdict.reason });
      return { next: [] };
    case 'absent':
      return visitAbsent(context, level.list, { place, result });
    case 'ok': {
      const { items, rest } = unseen(verdict.value, level, place);
      const chosen = await elementsOfSubject(context, level, { place, items, purpose });
      const wanted = chosen.kind === 'busy' ? chosen : await inContainers(context, { level, place }, chosen);
      if (wanted.kind === 'busy') return { next: [place], busy: wanted };
      return { next: below(context, place, { items: wanted.items, rest, result, theirs: wanted.theirs }) };
    }
  }
}

/** The elements that didn't come before, and where the list goes on. */
function unseen(page: Page, level: Level, place: Place): { items: readonly unknown[]; rest: readonly Place[] } {
  const seen = new Seen(place);
  const items = page.items.filter((element) => {
    const id = identityOf(level.contained?.own ?? level.identity, element);
    return id === undefined || seen.note(id, element) !== 'again';
  });
  return { items, rest: seen.after(place, page) };
}

function below(
  context: SliceContext,
  place: Place,
  page: {
    items: readonly unknown[];
    rest: readonly Place[];
    result: SliceResult;
    theirs: ReadonlyMap<unknown, number>;
  },
): Place[] {
  const level = context.family.within[place.step];
  if (!level) return [];
  const ids: string[] = [];
  const theirs: { id: string; others: number }[] = [];
  for (const item of page.items) {
    const id = identityOf(level.identity, item);
    if (id === undefined) {
      page.result.add({
        line: 'gap',
        place: placeName(context, place),
        reason: `An element has no usable "${level.identity}".`,
      });
      continue;
    }
    const others = page.theirs.get(item);
    if (others === undefined) ids.push(id);
    else theirs.push({ id, others });
  }
  // Sorted, so that "earlier" means the same whoever reads the list, and whenever.
  if (level.self) ids.sort();
  const at = servedIn(context);
  const marked = theirs.flatMap(({ id, others }) => {
    const marks = { [ALL_IS_THEIRS]: 'yes', ...(level.contained && { [SHARED_WITH]: String(others) }) };
    return placesBelow(at, { ...place, parameters: { ...place.parameters, ...marks } }, [id]);
  });
  return [...page.rest, ...placesBelow(at, place, ids), ...marked];
}
