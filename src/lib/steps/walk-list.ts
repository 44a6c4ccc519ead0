import type { Operation } from '../catalog/operation.ts';
import type { Place } from '../domain/slice.ts';
import { identityOf, keyOf, listsOf } from '../plan/places.ts';
import { unclaimed } from './claims.ts';
import { exportItems } from './export-item.ts';
import { readPage } from './read-page.ts';
import { type SliceContext, servedIn } from './slice-context.ts';
import type { SliceResult } from './slice-result.ts';
import { type Item, placeName, type Visit } from './visit.ts';

interface At {
  readonly place: Place;
  readonly result: SliceResult;
}

/** Reads one page of a family's list and deals with its items, from the place's offset on. */
export async function walkList(context: SliceContext, purpose: 'export' | 'inventory', at: At): Promise<Visit> {
  const { place, result } = at;
  const operation = operationAt(context, place);
  const verdict = await readPage(context, operation, place);
  switch (verdict.kind) {
    case 'busy':
      return { next: [place], busy: verdict };
    case 'refused':
      result.add({ line: 'gap', place: placeName(context, place), reason: verdict.reason });
      return { next: [] };
    case 'absent':
      if (context.family.within.length === 0) {
        result.add({ line: 'gap', place: placeName(context, place), reason: 'The list does not exist.' });
      }
      return { next: [] };
    case 'ok': {
      const rest = verdict.value.next === undefined ? [] : [{ ...place, cursor: verdict.value.next, offset: 0 }];
      return takePage(context, purpose, { ...at, items: verdict.value.items, rest });
    }
  }
}

function operationAt(context: SliceContext, place: Place): Operation {
  const operation = listsOf(servedIn(context))[place.step - context.family.within.length];
  if (!operation) throw new Error(`${context.family.family} has no list ${place.step}.`);
  return operation;
}

async function takePage(
  context: SliceContext,
  purpose: 'export' | 'inventory',
  page: At & { items: unknown[]; rest: Place[] },
): Promise<Visit> {
  const { place, result } = page;
  const { items, nameless } = toItems(context, page);
  // The page may be read again from an offset on: each flaw is told once, when the walk has passed it.
  const passed = (before: number): void => {
    const flaw = { place: placeName(context, place), reason: `An element has no usable "${context.family.identity}".` };
    for (const index of nameless) if (index < before) result.add({ line: 'gap', ...flaw });
  };
  const claims = await unclaimed(context, place.parameters, items);
  if (claims.kind === 'busy') return { next: [place], busy: claims };
  if (claims.kind === 'items' && purpose === 'export') {
    const done = await exportItems(context, claims.items, result);
    const reached = claims.items[done.count]?.index;
    passed(reached ?? Number.POSITIVE_INFINITY);
    if (reached === undefined) return { next: page.rest };
    // What comes after the page is found again with what is left of it.
    return { next: [{ ...place, offset: reached }], ...(done.busy ? { busy: done.busy } : {}) };
  }
  passed(Number.POSITIVE_INFINITY);
  if (claims.kind === 'gap') result.add({ line: 'gap', place: placeName(context, place), reason: claims.reason });
  else for (const item of claims.items) result.add({ line: 'found', key: item.key, parameters: item.parameters });
  return { next: page.rest };
}

function toItems(context: SliceContext, page: At & { items: unknown[] }): { items: Item[]; nameless: number[] } {
  const { family } = context;
  const items: Item[] = [];
  const nameless: number[] = [];
  for (const [index, document] of page.items.entries()) {
    if (index < page.place.offset) continue;
    const id = identityOf(family.identity, document);
    if (id === undefined) nameless.push(index);
    else {
      const parameters = { ...page.place.parameters, [family.parameter]: id };
      items.push({ key: keyOf(family, page.place.parameters, id), parameters, document, index });
    }
  }
  return { items, nameless };
}
