import { z } from 'zod';
import { queryValue, type SimulatedRequest } from '../http/message.ts';

const pageSchema = z.looseObject({
  value: z.array(z.unknown()),
  nextLink: z.string().nullish(),
  continuationToken: z.string().nullish(),
});
const bodySchema = z.object({ continuationToken: z.string().nullish() });
const tokenNames = ['$skipToken', '$continuationtoken', 'continuationToken'];

/**
 * Nothing on a page that isn't the last. The items come when the page is asked for again: in a list by skip/take by the same request, in
 * others by the link or token that this answer gives, which isn't the one that was sent.
 */
export function emptyPage(json: unknown, request: SimulatedRequest): unknown {
  if (Array.isArray(json)) return json.length === 0 ? json : [];
  const again = pageAgain(json, request);
  return again === json ? json : { ...pageSchema.parse(again), value: [] };
}

/** A page of links or tokens that leads to itself under another: its items come twice. */
export function pageAgain(json: unknown, request: SimulatedRequest): unknown {
  const page = pageSchema.safeParse(json);
  if (!page.success) return json;
  const { nextLink, continuationToken } = page.data;
  if (!nextLink && !continuationToken) return json;
  const token = samePlace(sentToken(request));
  return {
    ...page.data,
    ...(nextLink && { nextLink: withToken(nextLink, token) }),
    ...(continuationToken && { continuationToken: token }),
  };
}

function sentToken(request: SimulatedRequest): string | undefined {
  const inQuery = tokenNames.map((name) => queryValue(request, name)).find((token) => token !== undefined);
  if (inQuery !== undefined || !request.body.startsWith('{')) return inQuery;
  return bodySchema.safeParse(JSON.parse(request.body)).data?.continuationToken ?? undefined;
}

/** Another token for the place that a token names: tokens are places in base64, and nothing lies between a place and its next text. */
function samePlace(token: string | undefined): string {
  return Buffer.from(`${Buffer.from(token ?? '', 'base64url').toString()}\0`).toString('base64url');
}

function withToken(link: string, token: string): string {
  return link.replace(/((?:\$|%24)?(?:skip|continuation)token=)[^&]*/i, (_, name: string) => name + token);
}
