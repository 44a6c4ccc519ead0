import { createHash } from 'node:crypto';
import type { Place } from '../../domain/slice.ts';
import type { Page } from '../../upstream/upstream.ts';

/** Elements of a page that its successor is told of: more than the services put on one. */
const MOST = 1000;

/**
 * Tells elements that came before, on the page before or higher up on this one: a page that is served again, whole or in part, under
 * another link or token finds nothing anew. Pages further back are not known here; what comes from there again is found at sealing.
 */
export class Seen {
  readonly #before: ReadonlySet<string>;
  readonly #here = new Map<string, unknown>();

  constructor({ seen }: Place) {
    this.#before = new Set(seen);
  }

  /** `other`: an element on this page had the same id, and was another. */
  note(id: string, element: unknown): 'new' | 'again' | 'other' {
    const digest = createHash('sha256').update(id).digest('hex').slice(0, 16);
    const isOnPage = this.#here.has(digest);
    const earlier = this.#here.get(digest);
    if (!isOnPage) this.#here.set(digest, element);
    if (this.#before.has(digest)) return 'again';
    if (!isOnPage) return 'new';
    return JSON.stringify(earlier) === JSON.stringify(element) ? 'again' : 'other';
  }

  /** Where the list goes on after its page, once all of that was noted. Lists by skip and take find their way by themselves. */
  after(place: Place, { next, start }: Pick<Page, 'next' | 'start'>): Place[] {
    if (next === undefined) return [];
    const { seen: _, ...rest } = place;
    const seen = this.#here.size > 0 ? [...this.#here.keys()].slice(-MOST) : (place.seen ?? []);
    return [{ ...rest, cursor: next, offset: 0, ...(start === undefined && seen.length > 0 ? { seen } : {}) }];
  }
}
