import { queryValue, type SimulatedRequest } from './message.ts';

/** What orders a list: time of creation, then id. Maps of the world already lie in this order. */
export interface Placed {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Continues after the last item, also when it is deleted in between; undefined on the last page. */
  readonly token: string | undefined;
}

/** The page after a token of at most `size` items. A token that can't be read starts over, as one that was never given. */
export function pageOf<Item extends Placed>(
  items: Iterable<Item>,
  size: number,
  token: string | undefined,
): Page<Item> {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
  const page: Item[] = [];
  for (const item of items) {
    if (after !== undefined && comparePlaces(placeOf(item), after) <= 0) continue;
    const last = page.at(-1);
    if (page.length === size && last) return { items: page, token: Buffer.from(placeOf(last)).toString('base64url') };
    page.push(item);
  }
  return { items: page, token: undefined };
}

/** The page size that a client wishes, never more than the service's own. */
export function wishedSize(request: SimulatedRequest, name: string, most: number): number {
  const wish = Number(queryValue(request, name));
  return Number.isInteger(wish) && wish > 0 ? Math.min(wish, most) : most;
}

/** This request's own URL with one query option set: absolute, on the host that the client meant. */
export function ownUrlWith(request: SimulatedRequest, name: string, value: string): string {
  const others = [...request.query].filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  const query = [...others, [name, value] as const]
    .map(([key, text]) => `${encodeURIComponent(key).replace('%24', '$')}=${encodeURIComponent(text)}`)
    .join('&');
  return `${ownOrigin(request)}${request.path}?${query}`;
}

/** The origin under which a client knows the service: TLS when a gateway stands before it. */
export function ownOrigin({ forwarded, host }: SimulatedRequest): string {
  return `${forwarded ? 'https' : 'http'}://${host}`;
}

function placeOf({ created, id }: Placed): string {
  return `${String(created).padStart(15, '0')} ${id}`;
}

function comparePlaces(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
