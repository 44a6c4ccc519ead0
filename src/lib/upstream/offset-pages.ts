import { addSeconds } from '../domain/clock.ts';
import { DEFAULT_WAIT, type Verdict } from '../plan/verdict.ts';
import { cursorWithin, markOf, readOffset } from './offset.ts';
import type { Page } from './paging.ts';

/** Pages that are asked for to find a place again. */
const TRIES = 8;

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
