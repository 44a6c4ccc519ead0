import { createHash } from 'node:crypto';
import { isInferred, type Operation } from '../../catalog/operation.ts';
import type { Place } from '../../domain/slice.ts';
import { addressOf } from '../../plan/containers.ts';
import { identityOf, keyOf, listsOf } from '../../plan/places.ts';
import type { Page } from '../../upstream/upstream.ts';
import { exporting } from '../export/item.ts';
import { unclaimed } from '../slice/claims.ts';
import { type SliceContext, servedIn } from '../slice/context.ts';
import { placeWithin } from '../slice/read-page.ts';
import type { SliceResult } from '../slice/result.ts';
import { type Taking, takeItems } from '../slice/take-items.ts';
import { type Item, isSpent, type Purpose, placeName, type Visit } from '../slice/visit.ts';
import { visitAbsent, visitNoDocument } from './absent.ts';
import { askAhead, pageAt } from './ahead.ts';
import { listing } from './list-item.ts';
import { Seen } from './seen.ts';

interface At {
  readonly place: Place;
  readonly result: SliceResult;
}

interface PageAt extends At {
  readonly page: Page;
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
    case 'ok':
      return takePage(context, purpose, { ...at, page: verdict.value });
  }
}

function operationAt(context: SliceContext, place: Place): Operation {
  const operation = listsOf(servedIn(context))[place.step - context.family.within.length];
  if (!operation) throw new Error(`${context.family.family} has no list ${place.step}.`);
  return operation;
}

async function takePage(context: SliceContext, purpose: Purpose, at: PageAt): Promise<Visit> {
  const { place, result, page } = at;
  const { items, flaws, rest } = toItems(context, at);
  // The page may be read again from an offset on: each flaw is told once, when the walk has passed it.
  const passed = (before: number): void => {
    for (const { index, reason } of flaws)
      if (index < before) result.add({ line: 'gap', place: placeName(context, place), reason });
  };
  const claims = await unclaimed(context, place.parameters, items);
  if (claims.kind === 'busy') return { next: [place], busy: claims };
  if (claims.kind === 'gap') {
    passed(Number.POSITIVE_INFINITY);
    result.add({ line: 'gap', place: placeName(context, place), reason: claims.reason });
    return { next: rest };
  }
  const taking = purpose === 'export' ? exporting(context) : listing(context, purpose);
  const ahead = nextAhead(context, at, { next: rest[0], taking, items: claims.items.length });
  const done = await takeItems(context, claims.items, { taking, result });
  const index = claims.items[done.count]?.index;
  passed(index ?? Number.POSITIVE_INFINITY);
  if (index === undefined) return { next: rest };
  // Nothing goes on behind the slice's back.
  await ahead?.catch(() => undefined);
  // What comes after the page is found again with what is left of it.
  return { next: [placeWithin(context, place, { value: page, index })], ...(done.busy ? { busy: done.busy } : {}) };
}

/**
 * Asks for the page after this one where the items need calls of their own, which take their time, and where they leave room for it: what
 * isn't dealt with by this slice would be asked for twice.
 */
function nextAhead(
  context: SliceContext,
  { result, place }: At,
  { next, taking, items }: { next: Place | undefined; taking: Taking; items: number },
): Promise<unknown> | undefined {
  if (next === undefined || taking.width >= items || isSpent(context, result, items)) return undefined;
  return askAhead(context, operationAt(context, place), next);
}

/** What is to be taken of a page, what is amiss on it, and where the list goes on. */
interface Contents {
  readonly items: readonly Item[];
  readonly flaws: readonly { readonly index: number; readonly reason: string }[];
  readonly rest: readonly Place[];
}

function toItems(context: SliceContext, { place, page }: PageAt): Contents {
  const { family } = context;
  const operation = operationAt(context, place);
  const seen = new Seen(place);
  const items: Item[] = [];
  const flaws: { index: number; reason: string }[] = [];
  for (const [index, document] of page.items.entries()) {
    const named = identityOf(family.identity, document);
    const id = named ?? (isInferred(operation) ? digestOf(document) : undefined);
    const came = id === undefined ? 'new' : seen.note(id, document);
    if (index < place.offset || came === 'again') continue;
    if (id === undefined) flaws.push({ index, reason: `An element has no usable "${family.identity}".` });
    else if (came === 'other') flaws.push({ index, reason: `Two elements have the same "${family.identity}".` });
    else items.push(itemOf(context, place, { id, document, index, flags: flagsOf(page, named) }));
  }
  return { items, flaws, rest: seen.after(place, page) };
}

const flagsOf = ({ flags = [] }: Page, named: string | undefined): readonly string[] =>
  named === undefined ? [...flags, 'no-identity'] : flags;

function itemOf(
  { family }: SliceContext,
  { parameters }: Place,
  { id, ...listed }: Pick<Item, 'document' | 'index' | 'flags'> & { readonly id: string },
): Item {
  const { elsewhere, ...address } = addressOf(family, parameters, listed.document);
  return {
    key: keyOf(family, parameters, id),
    parameters: { ...address.parameters, [family.parameter]: id },
    ...listed,
    ...(elsewhere && { elsewhere }),
  };
}

/** Where the shape of an answer is only inferred, what it holds is its own identity: kept and flagged, never dropped. */
const digestOf = (document: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(document) ?? '')
    .digest('hex')
    .slice(0, 24);
