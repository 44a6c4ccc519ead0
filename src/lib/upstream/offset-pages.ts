import { createHash } from 'node:crypto';
import { addSeconds } from '../domain/clock.ts';
import { DEFAULT_WAIT, type Verdict } from '../plan/verdict.ts';
import type { Page } from './paging.ts';

/** Elements that a cursor remembers: as many may vanish behind it before the place is lost. */
const MOST_MARKS = 8;
/** Pages that are asked for to find a place again. */
const TRIES = 8;

/** A place in a list by skip and take: how many elements are before it, and digests of the last of them, newest first. */
interface Offset {
  readonly at: number;
  readonly marks: readonly string[];
}

/** @throws Error for a text that no page has given: a defect. */
export function readOffset(cursor: string | undefined): Offset {
  if (cursor === undefined) return { at: 0, marks: [] };
  const [, at, marks] = /^(\d{1,12})(?::([0-9a-f,]+))?$/.exec(cursor) ?? [];
  if (at === undefined) throw new Error('A cursor of a list with skip and take must be a number, and marks.');
  return { at: Number(at), marks: marks?.split(',') ?? [] };
}

const writeOffset = ({ at, marks }: Offset): string => (marks.length > 0 ? `${at}:${marks.join(',')}` : String(at));

/** Cursor of the elements of a page from `index` on, whatever was before it. */
export function cursorWithin(
  cursor: string | undefined,
  { start, items }: { readonly start: number; readonly items: readonly unknown[] },
  index: number,
): string {
  const own = items.slice(Math.max(0, index - MOST_MARKS), index).map(markOf);
  return writeOffset({
    at: start + index,
    marks: [...own.reverse(), ...readOffset(cursor).marks].slice(0, MOST_MARKS),
  });
}

/** An element's id, where it has one: links in it change from answer to answer. */
function markOf(element: unknown): string {
  const id = typeof element === 'object' && element !== null && 'id' in element ? element.id : undefined;
  const text = typeof id === 'string' ? id : (JSON.stringify(element) ?? '');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** How a list by skip and take is asked: its elements from `skip` on; `next` where the page is full. */
export interface OffsetQuestion {
  readonly ask: (skip: number) => Promise<Verdict<Page>>;
  readonly take: number;
  readonly name: string;
  readonly now: () => Date;
}

/**
 * A page of a list by skip and take, from a cursor on. Numbers alone are no place in a list that changes, or whose answer is another
 * page's: each page after the first begins with the last element of the one before, and where it doesn't, that element is looked for,
 * page by page backwards. Where nothing that the cursor remembers is found, the place is lost: upstream is asked again later.
 */
export async function readOffsetPage(question: OffsetQuestion, cursor: string | undefined): Promise<Verdict<Page>> {
  const { at, marks } = readOffset(cursor);
  const pageFrom = (start: number, items: readonly unknown[], isFull: boolean): Verdict<Page> => {
    const page = { start, items: [...items] };
    return { kind: 'ok', value: isFull ? { ...page, next: cursorWithin(cursor, page, items.length) } : page };
  };
  let skip = marks.length > 0 ? at - 1 : at;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const verdict = await question.ask(skip);
    if (verdict.kind !== 'ok') return verdict;
    const { items, next } = verdict.value;
    if (marks.length === 0) return pageFrom(skip, items, next !== undefined);
    const found = indexOfNewest(marks, items);
    if (found === 0) return pageFrom(skip + 1, items.slice(1), next !== undefined);
    if (found < 0 && skip === 0) break;
    skip = found > 0 ? skip + found : Math.max(0, skip - (question.take - 1));
  }
  const until = addSeconds(question.now(), DEFAULT_WAIT.failure);
  return { kind: 'busy', until, reason: `${question.name}: the list doesn't go on where the page before ended` };
}

/** Where the newest of the marks that are there stands; -1 when none is. */
function indexOfNewest(marks: readonly string[], items: readonly unknown[]): number {
  const there = items.map(markOf);
  const mark = marks.find((one) => there.includes(one));
  return mark === undefined ? -1 : there.indexOf(mark);
}
