import type { Paging } from '../catalog/operation.ts';
import { assertNever } from '../domain/never.ts';
import { MalformedAnswer } from './failure.ts';

/** One page of a list. `next`: cursor of the page after it, opaque to the caller; absent at the end. */
export interface Page {
  readonly items: unknown[];
  readonly next?: string;
}

const WHOLE: Paging = { by: 'whole' };

/**
 * The query options that ask for the page at `cursor`.
 * @throws Error for a cursor that no page has given: a defect.
 */
export function pagingQuery(paging: Paging = WHOLE, cursor?: string): Record<string, string> {
  switch (paging.by) {
    case 'whole':
    case 'single':
      if (cursor !== undefined) throw new Error('A list that comes whole has no second page.');
      return {};
    case 'skip-take':
      return { take: String(paging.take), skip: String(offsetOf(cursor)) };
    case 'next-link':
    case 'query-token':
      throw new Error(`Paging by ${paging.by} is not built yet.`);
    default:
      return assertNever(paging, 'paging');
  }
}

/**
 * The page in an answer. With skip and take a page that isn't full is the last; the service offers no other sign (contradictions.md,
 * section 5), so whoever needs to be sure compares with the counts.
 * @throws MalformedAnswer when the answer is no list.
 */
export function pageOf(value: unknown, paging: Paging = WHOLE, cursor?: string): Page {
  if (!Array.isArray(value)) throw new MalformedAnswer('the answer is not a list');
  const items: unknown[] = value;
  if (paging.by !== 'skip-take' || items.length < paging.take) return { items };
  return { items, next: String(offsetOf(cursor) + items.length) };
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,12}$/.test(cursor)) throw new Error('A cursor of a list with skip and take must be a number.');
  return Number(cursor);
}
