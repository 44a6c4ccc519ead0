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
  const items = toItems(context, page);
  if (items.length === 0) return { next: page.rest };
  const claims = await unclaimed(context, place.parameters, items);
  if (claims.kind === 'busy') return { next: [place], busy: claims };
  if (claims.kind === 'gap') {
    result.add({ line: 'gap', place: placeName(context, place), reason: claims.reason });
    return { next: page.rest };
  }
  if (purpose === 'inventory') {
    for (const item of claims.items) result.add({ line: 'found', key: item.key, parameters: item.parameters });
    return { next: page.rest };
  }
  const done = await exportItems(context, claims.items, result);
  if (done.count === claims.items.length) return { next: page.rest };
  const again = { ...place, offset: claims.items[done.count]?.index ?? place.offset };
  return { next: [...page.rest, again], ...(done.busy ? { busy: done.busy } : {}) };
}

function toItems(context: SliceContext, page: At & { items: unknown[] }): Item[] {
  const { family } = context;
  return page.items.slice(page.place.offset).flatMap((document, index) => {
    const id = identityOf(family.identity, document);
    if (id === undefined) {
      page.result.add({
        line: 'gap',
        place: placeName(context, page.place),
        reason: `An element has no usable "${family.identity}".`,
      });
      return [];
    }
    const parameters = { ...page.place.parameters, [family.parameter]: id };
    return [{ key: keyOf(family, page.place.parameters, id), parameters, document, index: page.place.offset + index }];
  });
}
