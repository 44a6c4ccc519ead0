import type { Operation } from '../../catalog/operation.ts';
import type { Place } from '../../domain/slice.ts';
import { whyAbsent } from '../slice/absent-list.ts';
import type { SliceContext } from '../slice/context.ts';
import { type Control, controlAt } from '../slice/control.ts';
import type { SliceResult } from '../slice/result.ts';
import { type Purpose, placeName, type Visit } from '../slice/visit.ts';

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

/**
 * A target's one document that answers 404. It is missing, as that of an account that is gone, when what must be there beside it answers
 * on the same host; without that the address may be wrong, and what lies there is unknown. An export says in a line that it is missing.
 */
export async function visitNoDocument(
  context: SliceContext,
  purpose: Purpose,
  at: { operation: Operation; place: Place; result: SliceResult },
): Promise<Visit> {
  const { family, unless, proof, beside = proof?.control } = context.family;
  const why: Control = beside
    ? await controlAt(context, beside, at.place.parameters)
    : { kind: 'unprovable', reason: 'nothing on its host says whether it is there.' };
  if (why.kind === 'busy') return { next: [at.place], busy: why };
  if (why.kind === 'unprovable') {
    const reason = `${at.operation.operation} answered 404: ${why.reason}`;
    at.result.add({ line: 'gap', place: placeName(context, at.place), reason });
    return { next: [] };
  }
  const reason = unless?.ground ?? 'There is no such document.';
  if (purpose === 'export') at.result.add({ line: 'item', key: family, outcome: 'absent', reason }, { found: 1 });
  return { next: [] };
}
