import type { Operation } from '../../catalog/operation.ts';
import type { Place } from '../../domain/slice.ts';
import type { Verdict } from '../../plan/verdict.ts';
import type { Page } from '../../upstream/upstream.ts';
import type { SliceContext } from '../slice/context.ts';
import { readPage } from '../slice/read-page.ts';

/** Pages that were asked for before their turn, by the place that they are read for. */
const asked = new WeakMap<Place, Promise<Verdict<Page>>>();

/** Asks for the next page while the items of the last are dealt with; `pageAt` gives it to whoever comes to that very place. */
export function askAhead(context: SliceContext, operation: Operation, place: Place): Promise<Verdict<Page>> {
  const page = readPage(context, operation, place);
  // What becomes of it is told where it is taken.
  page.catch(() => undefined);
  asked.set(place, page);
  return page;
}

/** The page at a place; asked for now, unless it was before. */
export function pageAt(context: SliceContext, operation: Operation, place: Place): Promise<Verdict<Page>> {
  const page = asked.get(place);
  asked.delete(place);
  return page ?? readPage(context, operation, place);
}
