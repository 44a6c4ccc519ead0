import { z } from 'zod';
import type { Operation } from '../../catalog/operation.ts';
import type { Place } from '../../domain/slice.ts';
import { withoutPerson, withPerson } from '../../plan/subject-cursor.ts';
import type { Verdict } from '../../plan/verdict.ts';
import { cursorWithin, type Page } from '../../upstream/upstream.ts';
import { afterPause, type SliceContext } from './context.ts';
import { withSubject } from './missing.ts';

const countSchema = z.number().int().nonnegative();

/**
 * One page of a list. Where the service counts, a list that ends before as many elements as it counts isn't believed: an empty or short
 * page in the middle would otherwise end an export early, or prove an erasure that did not happen. Cursors, which are stored, don't name
 * the person.
 */
export async function readPage(context: SliceContext, operation: Operation, place: Place): Promise<Verdict<Page>> {
  const { upstream } = context.deps;
  const parameters = withSubject(context, place.parameters);
  const { subject } = context.record.submission;
  const cursor = place.cursor === undefined ? undefined : withPerson(place.cursor, subject);
  const verdict = await upstream.page(context.target, { operation, parameters }, cursor);
  if (verdict.kind === 'ok' && verdict.value.next !== undefined)
    return { ...verdict, value: { ...verdict.value, next: withoutPerson(verdict.value.next, subject) } };
  if (verdict.kind !== 'ok' || !operation.count) return verdict;
  const counted = await upstream.send(context.target, { operation: operation.count, parameters: place.parameters });
  // Refused isn't "no count", and missing isn't one either: the list stays unconfirmed, and says so.
  if (counted.kind === 'busy' || counted.kind === 'refused') return counted;
  if (counted.kind === 'absent') return unconfirmed(operation.count, 404, 'answered 404');
  const total = countSchema.safeParse(counted.value);
  if (!total.success) return unconfirmed(operation.count, 200, 'answered something else than a count');
  const read = (verdict.value.start ?? 0) + verdict.value.items.length;
  if (total.data <= read) return verdict;
  const reason = `${operation.operation} ended after ${read} of ${total.data} elements.`;
  return { kind: 'busy', until: afterPause(context), reason };
}

/** The place where a page goes on with its element `index`. Where elements are skipped by number, it is found again by those before it. */
export function placeWithin(context: SliceContext, place: Place, page: { value: Page; index: number }): Place {
  const { start, items } = page.value;
  const { index } = page;
  if (index <= place.offset) return place;
  if (start === undefined) return { ...place, offset: index };
  const { subject } = context.record.submission;
  const cursor = place.cursor === undefined ? undefined : withPerson(place.cursor, subject);
  return { ...place, cursor: withoutPerson(cursorWithin(cursor, { start, items }, index), subject), offset: 0 };
}

const unconfirmed = ({ operation }: Operation, status: number, what: string): Verdict<Page> => ({
  kind: 'refused',
  status,
  code: 'NotCounted',
  reason: `${operation} ${what}: nothing confirms that the list was whole.`,
});
