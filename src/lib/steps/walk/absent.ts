import type { Operation } from '../../catalog/operation.ts';
import type { Place } from '../../domain/slice.ts';
import { whyAbsent } from '../slice/absent-list.ts';
import type { SliceContext } from '../slice/context.ts';
import type { SliceResult } from '../slice/result.ts';
import { placeName, type Visit } from '../slice/visit.ts';

/** A place whose list answers 404. A parent that vanished takes its children with it; anything else is a gap, not an empty account. */
export async function visitAbsent(
  context: SliceContext,
  list: Operation,
  { place, result }: { place: Place; result: SliceResult },
): Promise<Visit> {
  const why = await whyAbsent(context, list, place);
  if (why.kind === 'busy') return { next: [place], busy: why };
  if (why.kind === 'gap') result.add({ line: 'gap', place: placeName(context, place), reason: why.reason });
  return { next: [] };
}
