import type { Part } from '../../catalog/family.ts';
import { isInferred } from '../../catalog/operation.ts';
import { identityOf, memberAt } from '../../plan/places.ts';
import type { SliceContext } from '../slice/context.ts';
import { withSubject } from '../slice/missing.ts';
import type { Busy, Item } from '../slice/visit.ts';

type ItemRead =
  | { readonly kind: 'ok'; readonly item: Item }
  | { readonly kind: 'failed'; readonly outcome: 'absent' | 'refused'; readonly reason: string }
  | ({ readonly kind: 'busy' } & Busy);

/** The item's own document where the list's isn't enough; what the list had stays when the item can't be read. */
export async function readItem(context: SliceContext, item: Item): Promise<ItemRead> {
  const { read, readEach } = context.family;
  if (!read || readEach === undefined || item.wasRead || item.flags.includes('no-identity'))
    return { kind: 'ok', item };
  const parameters = withSubject(context, item.parameters);
  const verdict = await context.deps.upstream.send(context.target, { operation: read, parameters });
  switch (verdict.kind) {
    case 'ok': {
      // What the list says of it stays beside an answer of another shape than was inferred.
      const isOdd = isInferred(read) && identityOf(context.family.identity, verdict.value) === undefined;
      const document = isOdd ? { instead: { value: verdict.value } } : { document: verdict.value };
      return { kind: 'ok', item: { ...item, ...document } };
    }
    case 'busy':
      return verdict;
    case 'absent':
      return { kind: 'failed', outcome: 'absent', reason: 'It was listed, and gone when it was asked for.' };
    case 'refused':
      return { kind: 'failed', outcome: 'refused', reason: verdict.reason };
  }
}

type PartRead =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'busy' } & Busy);

/** A document that belongs to the item, if it has it. */
export async function readPart(context: SliceContext, part: Part, item: Item): Promise<PartRead> {
  if (part.when && memberAt(item.document, part.when.member) !== part.when.is) return { kind: 'none' };
  const { members, missing } = membersOf(part, item);
  if (missing !== undefined) {
    // An item that has no identity is kept whole as it is: nothing more of it can be asked for.
    const isWhole = item.flags.includes('no-identity');
    return isWhole ? { kind: 'none' } : { kind: 'refused', reason: `The item has no usable ${missing}.` };
  }
  const verdict = await context.deps.upstream.send(context.target, {
    operation: part.read,
    parameters: { ...item.parameters, ...members },
  });
  switch (verdict.kind) {
    case 'ok':
    case 'busy':
      return verdict;
    case 'absent':
      return { kind: 'none' };
    case 'refused':
      return part.noneWhen.includes(verdict.code) ? { kind: 'none' } : verdict;
  }
}

/** `missing`: name of the first parameter for which the item has no usable member. */
function membersOf(part: Part, item: Item): { members: Record<string, string>; missing?: string } {
  const members: Record<string, string> = {};
  for (const [name, path] of Object.entries(part.parameters ?? {})) {
    const value = identityOf(path, item.document);
    if (value === undefined) return { members, missing: name };
    members[name] = value;
  }
  return { members };
}
