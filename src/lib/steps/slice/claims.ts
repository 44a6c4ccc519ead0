import { z } from 'zod';
import { earlierOf } from '../../plan/places.ts';
import type { SliceContext } from './context.ts';
import type { Item } from './visit.ts';

type Claims =
  | { readonly kind: 'items'; readonly items: readonly Item[] }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'gap'; readonly reason: string };

/** What upstream may answer when it doesn't know one of the ids (contracts/endpoints.md, row 52; inferred). */
const UNKNOWN_ID = ['BadRequestInvalidIds', 'NotFoundImage'];

const elements = z.array(z.looseObject({ id: z.string() }));

/**
 * The items that no earlier place holds. An image lies in the workspace and in iterations: it belongs to the first place that has it.
 * Upstream is asked, so that nothing needs to be remembered however many items there are.
 */
export async function unclaimed(
  context: SliceContext,
  parameters: Readonly<Record<string, string>>,
  items: readonly Item[],
): Promise<Claims> {
  const { claims, within } = context.family;
  const innermost = within.at(-1);
  const here = innermost?.self ? parameters[innermost.parameter] : undefined;
  if (!claims || !innermost || here === undefined) return { kind: 'items', items };
  const earlier = (parameters[earlierOf(innermost.parameter)] ?? '').split(',').filter((id) => id !== '');
  const { [innermost.parameter]: _, ...workspace } = parameters;
  let open = items;
  for (const place of [workspace, ...earlier.map((id) => ({ ...workspace, [innermost.parameter]: id }))]) {
    const held = new Set<string>();
    for (let from = 0; from < open.length; from += claims.size) {
      const asked = await ask(context, place, open.slice(from, from + claims.size));
      if (asked.kind !== 'held') return asked;
      for (const id of asked.held) held.add(id);
    }
    open = open.filter((item) => !held.has(idOf(context, item)));
    if (open.length === 0) break;
  }
  return { kind: 'items', items: open };
}

const idOf = (context: SliceContext, item: Item): string => item.parameters[context.family.parameter] ?? '';

/** Which of the items a place holds. Ids that a place doesn't know may be refused as a whole: then halves are asked for. */
async function ask(
  context: SliceContext,
  place: Readonly<Record<string, string>>,
  items: readonly Item[],
): Promise<{ kind: 'held'; held: Set<string> } | Extract<Claims, { kind: 'busy' | 'gap' }>> {
  const { claims } = context.family;
  if (!claims || items.length === 0) return { kind: 'held', held: new Set() };
  const ids = items.map((item) => idOf(context, item)).join(',');
  const call = { operation: claims.read, parameters: place, query: { [claims.query]: ids } };
  const first = await context.deps.upstream.send(context.target, call);
  // Nothing counts what this answers: that the place has none of them is believed only when it is said twice.
  const isEmpty = first.kind === 'ok' && Array.isArray(first.value) && first.value.length === 0;
  const verdict = isEmpty ? await context.deps.upstream.send(context.target, call) : first;
  switch (verdict.kind) {
    case 'busy':
      return verdict;
    case 'absent':
      return items.length === 1 ? { kind: 'held', held: new Set() } : askHalves(context, place, items);
    case 'refused':
      if (!UNKNOWN_ID.includes(verdict.code)) return { kind: 'gap', reason: verdict.reason };
      return items.length === 1 ? { kind: 'held', held: new Set() } : askHalves(context, place, items);
    case 'ok': {
      const held = elements.safeParse(verdict.value);
      if (!held.success)
        return { kind: 'gap', reason: `${claims.read.operation} answered something else than a list.` };
      return { kind: 'held', held: new Set(held.data.map((element) => element.id)) };
    }
  }
}

async function askHalves(
  context: SliceContext,
  place: Readonly<Record<string, string>>,
  items: readonly Item[],
): ReturnType<typeof ask> {
  const middle = Math.ceil(items.length / 2);
  const first = await ask(context, place, items.slice(0, middle));
  if (first.kind !== 'held') return first;
  const second = await ask(context, place, items.slice(middle));
  return second.kind === 'held' ? { kind: 'held', held: new Set([...first.held, ...second.held]) } : second;
}
