import { createHash } from 'node:crypto';

/** Elements that a cursor remembers: as many may vanish behind it before the place is lost. */
const MOST_MARKS = 8;

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
export function markOf(element: unknown): string {
  const id = typeof element === 'object' && element !== null && 'id' in element ? element.id : undefined;
  const text = typeof id === 'string' ? id : (JSON.stringify(element) ?? '');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
