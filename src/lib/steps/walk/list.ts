import { createHash } from 'node:crypto';
import { isInferred, type Operation } from '../../catalog/operation.ts';
import type { Place } from '../../domain/slice.ts';
import { addressOf } from '../../plan/containers.ts';
import { identityOf, keyOf, listsOf } from '../../plan/places.ts';
import { exporting } from '../export/item.ts';
import { unclaimed } from '../slice/claims.ts';
import { type SliceContext, servedIn } from '../slice/context.ts';
import type { SliceResult } from '../slice/result.ts';
import { type Taking, takeItems } from '../slice/take-items.ts';
import { type Item, isSpent, type Purpose, placeName, type Visit } from '../slice/visit.ts';
import { visitAbsent, visitNoDocument } from './absent.ts';
import { askAhead, pageAt } from './ahead.ts';
import { listing } from './list-item.ts';

interface At {
  readonly place: Place;
  readonly result: SliceResult;
}

interface Page extends At {
  readonly items: unknown[];
  readonly flags: readonly string[];
}

/** Reads one page of a family's list and deals with its items, from the place's offset on. */
export async function walkList(context: SliceContext, purpose: Purpose, at: At): Promise<Visit> {
  const { place, result } = at;
  const operation = operationAt(context, place);
  const verdict = await pageAt(context, operation, place);
  switch (verdict.kind) {
    case 'busy':
      return { next: [place], busy: verdict };
    case 'refused':
      result.add({ line: 'gap', place: placeName(context, place), reason: verdict.reason });
      return { next: [] };
    case 'absent':
      return operation.paging?.by === 'single'
        ? visitNoDocument(context, purpose, { ...at, operation })
        : visitAbsent(context, operation, at);
    case 'ok': {
      const rest = verdict.value.next === undefined ? [] : [{ ...place, cursor: verdict.value.next, offset: 0 }];
      return takePage(context, purpose, { ...at, items: verdict.value.items, flags: verdict.value.flags ?? [], rest });
    }
  }
}

function operationAt(context: SliceContext, place: Place): Operation {
  const operation = listsOf(servedIn(context))[place.step - context.family.within.length];
  if (!operation) throw new Error(`${context.family.family} has no list ${place.step}.`);
  return operation;
}

async function takePage(context: SliceContext, purpose: Purpose, page: Page & { rest: Place[] }): Promise<Visit> {
  const { place, result } = page;
  const { items, nameless } = toItems(context, page);
  // The page may be read again from an offset on: each flaw is told once, when the walk has passed it.
  const passed = (before: number): void => {
    const flaw = { place: placeName(context, place), reason: `An element has no usable "${context.family.identity}".` };
    for (const index of nameless) if (index < before) result.add({ line: 'gap', ...flaw });
  };
  const claims = await unclaimed(context, place.parameters, items);
  if (claims.kind === 'busy') return { next: [place], busy: claims };
  if (claims.kind === 'gap') {
    passed(Number.POSITIVE_INFINITY);
    result.add({ line: 'gap', place: placeName(context, place), reason: claims.reason });
    return { next: page.rest };
  }
  const taking = purpose === 'export' ? exporting(context) : listing(context, purpose);
  const ahead = nextAhead(context, page, { taking, items: claims.items.length });
  const done = await takeItems(context, claims.items, { taking, result });
  const reached = claims.items[done.count]?.index;
  passed(reached ?? Number.POSITIVE_INFINITY);
  if (reached === undefined) return { next: page.rest };
  // Nothing goes on behind the slice's back.
  await ahead?.catch(() => undefined);
  // What comes after the page is found again with what is left of it.
  return { next: [{ ...place, offset: reached }], ...(done.busy ? { busy: done.busy } : {}) };
}

/**
 * Asks for the page after this one where the items need calls of their own, which take their time, and where they leave room for it: what
 * isn't dealt with by this slice would be asked for twice.
 */
function nextAhead(
  context: SliceContext,
  { rest, result, place }: Page & { rest: Place[] },
  { taking, items }: { taking: Taking; items: number },
): Promise<unknown> | undefined {
  const [next] = rest;
  if (next === undefined || taking.width >= items || isSpent(context, result, items)) return undefined;
  return askAhead(context, operationAt(context, place), next);
}

function toItems(context: SliceContext, page: Page): { items: Item[]; nameless: number[] } {
  const { family } = context;
  const { parameters, offset } = page.place;
  const operation = operationAt(context, page.place);
  const items: Item[] = [];
  const nameless: number[] = [];
  for (const [index, document] of page.items.entries()) {
    if (index < offset) continue;
    const named = identityOf(family.identity, document);
    const id = named ?? (isInferred(operation) ? digestOf(document) : undefined);
    if (id === undefined) {
      nameless.push(index);
      continue;
    }
    const flags = [...page.flags, ...(named === undefined ? ['no-identity'] : [])];
    const key = keyOf(family, parameters, id);
    const { elsewhere, ...address } = addressOf(family, parameters, document);
    items.push({
      key,
      parameters: { ...address.parameters, [family.parameter]: id },
      document,
      index,
      flags,
      ...(elsewhere && { elsewhere }),
    });
  }
  return { items, nameless };
}

/** Where the shape of an answer is only inferred, what it holds is its own identity: kept and flagged, never dropped. */
const digestOf = (document: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(document) ?? '')
    .digest('hex')
    .slice(0, 24);
