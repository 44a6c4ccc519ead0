import { isInferred, type Operation, type Paging } from '../catalog/operation.ts';
import { assertNever } from '../domain/never.ts';
import type { Call } from './call-url.ts';
import { isOnward, readCursor } from './cursor.ts';
import { envelopePage, type Onward } from './envelope.ts';
import { MalformedAnswer } from './failure.ts';
import { readOffset } from './offset.ts';
import { queryBody, queryPage } from './query-token.ts';

/** One page of a list. `next`: cursor of the page after it, opaque to the caller; absent at the end. */
export interface Page {
  readonly items: unknown[];
  readonly next?: string;
  /** Where lists go by skip and take: how many elements stand before these. */
  readonly start?: number;
  /** `unexpected-shape`: only inference said what the list looks like, and it looks otherwise. Everything in it is kept. */
  readonly flags?: readonly string[];
}

/** How a page is asked for: query options below the operation's route, a link instead of it, or a body. */
export type PageRequest =
  | { readonly kind: 'call'; readonly query: Record<string, string>; readonly body?: unknown; readonly token?: string }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'refused'; readonly code: string };

const WHOLE: Paging = { by: 'whole' };

/** @throws Error for a cursor that no page has given: a defect. */
export function pageRequest({ operation, body }: Call, cursor: string | undefined): PageRequest {
  const { paging = WHOLE } = operation;
  // An answer of another shape than was inferred may go on as well.
  if (cursor !== undefined && isInferred(operation) && paging.by !== 'next-link' && isOnward(cursor)) {
    return onwardRequest(cursor, undefined);
  }
  switch (paging.by) {
    case 'whole':
    case 'single':
      if (cursor !== undefined) throw new Error('A list that comes whole has no second page.');
      return { kind: 'call', query: {} };
    case 'skip-take':
      return { kind: 'call', query: { take: String(paging.take), skip: String(readOffset(cursor).at) } };
    case 'next-link':
      return onwardRequest(cursor, paging.token);
    case 'query-token':
      return { kind: 'call', query: {}, body: queryBody(paging.body, { body, cursor }) };
    default:
      return assertNever(paging, 'paging');
  }
}

function onwardRequest(text: string | undefined, option: string | undefined): PageRequest {
  if (text === undefined) return { kind: 'call', query: {} };
  const cursor = readCursor(text);
  if (cursor.kind !== 'token') return cursor;
  if (option === undefined) throw new Error('A list without a query option for tokens has no page at a token.');
  return { kind: 'call', query: { [option]: cursor.token }, token: cursor.token };
}

/** What the page in an answer is read with. */
export interface PageContext {
  readonly operation: Operation;
  readonly cursor: string | undefined;
  readonly url: string;
  readonly token?: string | undefined;
  readonly follow: Onward['follow'];
}

/**
 * The page in an answer. With skip and take a page that isn't full is the last; the service offers no other sign (contradictions.md,
 * section 5), so whoever needs to be sure compares with the counts.
 * @throws MalformedAnswer when the answer isn't what a document says of it, or leads back to itself.
 */
export function pageOf(value: unknown, context: PageContext): Page {
  const page = expectedPage(value, context);
  if (page) return isInferred(context.operation) ? withRest(page, value) : page;
  if (!isInferred(context.operation)) throw new MalformedAnswer('the answer is not a list');
  return { ...unexpectedPage(value, context), flags: ['unexpected-shape'] };
}

/** What an envelope holds beside its list, where that may be documents too, is an element more. */
function withRest(page: Page, envelope: unknown): Page {
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) return page;
  const rest = Object.entries(envelope).filter(([name, value]) => !LIST_MEMBERS.includes(name) && holdsMore(value));
  if (rest.length === 0) return page;
  return { ...page, items: [...page.items, Object.fromEntries(rest)], flags: ['unexpected-shape'] };
}

const LIST_MEMBERS: readonly string[] = ['value', 'nextLink', 'continuationToken'];
const holdsMore = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function expectedPage(value: unknown, context: PageContext): Page | undefined {
  const { paging = WHOLE } = context.operation;
  switch (paging.by) {
    case 'whole':
      return Array.isArray(value) ? { items: value } : undefined;
    case 'single':
      return value === undefined ? undefined : { items: [value] };
    case 'skip-take':
      return Array.isArray(value) ? offsetPage(value, paging.take, context.cursor) : undefined;
    case 'next-link':
      return envelopePage(value, onwardOf(context, paging.token));
    case 'query-token':
      return queryPage(value, context.cursor);
    default:
      return assertNever(paging, 'paging');
  }
}

/** Whatever came, whole: a bare list, a list in an envelope, or one item. An answer without content is an empty list. */
function unexpectedPage(value: unknown, context: PageContext): Page {
  if (value === undefined) return { items: [] };
  if (Array.isArray(value)) return { items: value };
  return envelopePage(value, onwardOf(context, undefined)) ?? { items: [value] };
}

const onwardOf = (context: PageContext, option: string | undefined): Onward => ({
  url: context.url,
  ...(context.token === undefined ? {} : { token: context.token }),
  option,
  follow: context.follow,
});

function offsetPage(items: unknown[], take: number, cursor: string | undefined): Page {
  return items.length < take ? { items } : { items, next: String(readOffset(cursor).at + items.length) };
}
