import type { Operation } from '../../catalog/operation.ts';
import type { ProofLevel } from '../../domain/ledger.ts';
import type { SliceContext } from './context.ts';

/** What a 404 is worth at a place. */
export type Control =
  | { readonly kind: 'proves'; readonly level: ProofLevel }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'unprovable'; readonly reason: string };

/**
 * The positive control of a proof: with the same credential and host something that must be there is asked for. Only when it answers,
 * a 404 beside it means that the item is gone, and not that we are at the wrong address or no longer allowed to look.
 */
export async function controlAt(
  context: SliceContext,
  control: Operation,
  parameters: Readonly<Record<string, string>>,
): Promise<Control> {
  const verdict = await ask(context, control, parameters);
  switch (verdict.kind) {
    case 'ok':
      return { kind: 'proves', level: 'item-404' };
    case 'busy':
      return verdict;
    case 'refused':
      return {
        kind: 'unprovable',
        reason: `${control.operation}, the control of the proof, was refused: ${verdict.reason}`,
      };
    case 'absent':
      return rootControl(context, control);
  }
}

/** The parent is gone as well: then the list at the root of the target must answer. */
async function rootControl(context: SliceContext, control: Operation): Promise<Control> {
  const root = context.family.within[0]?.list;
  if (!root || root.operation === control.operation)
    return { kind: 'unprovable', reason: `${control.operation} answers 404.` };
  const verdict = await ask(context, root, {});
  if (verdict.kind === 'ok') return { kind: 'proves', level: 'parent-gone' };
  if (verdict.kind === 'busy') return verdict;
  return { kind: 'unprovable', reason: `${root.operation}, the control of the proof, did not answer 200.` };
}

async function ask(context: SliceContext, operation: Operation, parameters: Readonly<Record<string, string>>) {
  const call = { operation, parameters };
  return operation.paging
    ? context.deps.upstream.page(context.target, call)
    : context.deps.upstream.send(context.target, call);
}
