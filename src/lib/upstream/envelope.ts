import { z } from 'zod';
import { type Cursor, writeCursor } from './cursor.ts';
import { MalformedAnswer } from './failure.ts';

/** What can be said of the links and tokens in an answer. */
export interface Onward {
  /** The URL that was asked. */
  readonly url: string;
  /** The token with which it was asked. */
  readonly token?: string;
  /** Query option under which a token is sent back; absent where none is known. */
  readonly option: string | undefined;
  /** The URL of a next link if it may be asked for. */
  readonly follow: (link: string, from: string) => string | undefined;
}

const text = z.string().nullish();
const envelope = z.looseObject({ value: z.array(z.unknown()), nextLink: text, continuationToken: text });

export interface EnvelopePage {
  readonly items: unknown[];
  readonly next?: string;
}

/**
 * The page in `{value, nextLink}` or `{value, continuationToken}`; undefined when the answer is neither. A link is preferred, as long as
 * it may be followed.
 * @throws MalformedAnswer when the next page is the one that was asked for: the walk would never end.
 */
export function envelopePage(answer: unknown, onward: Onward): EnvelopePage | undefined {
  const parsed = envelope.safeParse(answer);
  if (!parsed.success) return undefined;
  const { value, nextLink, continuationToken, ...others } = parsed.data;
  const cursor = nextCursor(nextLink ?? '', continuationToken ?? '', onward) ?? unknownCursor(others);
  return cursor ? { items: value, next: writeCursor(cursor) } : { items: value };
}

/** A member that seems to lead on, under a name that no document mentions: the list isn't known to be whole. */
function unknownCursor(members: Readonly<Record<string, unknown>>): Cursor | undefined {
  const leadsOn = Object.entries(members).some(
    ([name, value]) => /next|continu|skip_?token/i.test(name) && typeof value === 'string' && value !== '',
  );
  return leadsOn ? { kind: 'refused', code: 'ContinuationNotKnown' } : undefined;
}

function nextCursor(link: string, token: string, onward: Onward): Cursor | undefined {
  const url = link === '' ? undefined : onward.follow(link, onward.url);
  if (url !== undefined) {
    if (url === new URL(onward.url).href) throw new MalformedAnswer('the next page is the same page');
    return { kind: 'link', url };
  }
  if (token !== '' && onward.option !== undefined) {
    if (token === onward.token) throw new MalformedAnswer('the next page is the same page');
    return { kind: 'token', token };
  }
  if (link !== '') return { kind: 'refused', code: 'LinkNotAllowed' };
  return token === '' ? undefined : { kind: 'refused', code: 'ContinuationNotKnown' };
}
