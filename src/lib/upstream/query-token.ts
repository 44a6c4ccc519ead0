import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { MalformedAnswer } from './failure.ts';

const token = z.record(z.string(), z.unknown());
/** Custom Vision's way, and that of the run history of 2019. */
const continued = z.looseObject({ value: z.array(z.unknown()), continuationToken: z.string().nullish() });
const answer = z.looseObject({ token: token.nullish(), results: z.array(z.unknown()) });

/**
 * The question at a cursor: what the catalogue asks, over it what the call asks, over both the token of the page before.
 * @throws Error for a body that is no object, or a cursor that no page gave: defects.
 */
export function queryBody(
  first: Readonly<Record<string, unknown>>,
  { body, cursor }: { readonly body: unknown; readonly cursor: string | undefined },
): Record<string, unknown> {
  const asked = { ...first, ...token.optional().parse(body) };
  return cursor === undefined ? asked : { ...asked, ...token.parse(JSON.parse(cursor)) };
}

/**
 * The page in `{token, results}` (Custom Vision, QueryPredictions) or `{value, continuationToken}`; undefined for an answer of another shape. It is the last when it is
 * empty or its token goes nowhere.
 * @throws MalformedAnswer when the token is the one that was posted: the walk would never end.
 */
export function queryPage(
  value: unknown,
  cursor: string | undefined,
): { readonly items: unknown[]; readonly next?: string } | undefined {
  const parsed = answer.safeParse(value);
  if (!parsed.success) return continuedPage(value, cursor);
  const { results, token: next } = parsed.data;
  const goesOn = next?.continuation !== undefined && next.continuation !== null && next.continuation !== '';
  if (results.length === 0 || !next || !goesOn) return { items: results };
  if (cursor !== undefined && isDeepStrictEqual(JSON.parse(cursor), next)) {
    throw new MalformedAnswer('the next page is the same page');
  }
  return { items: results, next: JSON.stringify(next) };
}

/** An empty page may go on here: only a missing token is the end. */
function continuedPage(value: unknown, cursor: string | undefined): ReturnType<typeof queryPage> {
  const parsed = continued.safeParse(value);
  if (!parsed.success) return undefined;
  const { value: items, continuationToken } = parsed.data;
  if (!continuationToken) return { items };
  const next = JSON.stringify({ continuationToken });
  if (next === cursor) throw new MalformedAnswer('the next page is the same page');
  return { items, next };
}
