import { familyNamed } from '../../catalog/catalog.ts';
import type { FoundLine, ItemLine } from '../../domain/ledger.ts';
import { parentPath } from '../../plan/places.ts';
import { parentDepth, parentOf } from '../../plan/ways.ts';
import { patienceIsOver, type SliceContext, type SliceOutcome } from '../slice/context.ts';
import { controlAt } from '../slice/control.ts';
import { SliceResult } from '../slice/result.ts';

type Parent =
  | { readonly kind: 'gone' }
  | { readonly kind: 'there' }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'unprovable'; readonly reason: string };

/**
 * Items that go with their parent: gone when the parent is, which is asked for by itself beside a positive control. There is no way to
 * ask for the items any more, so the proof's level is `parent-gone`, and the receipt prints that.
 */
export async function proveWithParent(context: SliceContext, items: readonly FoundLine[]): Promise<SliceOutcome> {
  const result = new SliceResult();
  const depth = parentDepth(context.task);
  for (const [, group] of Map.groupBy(items, (item) => parentPath(item.key, depth))) {
    const [first] = group;
    if (!first) continue;
    const parent = await lookAtParent(context, first);
    const waits = parent.kind === 'busy' && !patienceIsOver(context, context.deps.limits.patienceSeconds);
    if (waits) return { kind: 'wait', until: parent.until, reason: parent.reason };
    for (const item of group) result.add(finalOf(context, item, parent));
  }
  return { kind: 'done', result, children: [] };
}

function finalOf({ family }: SliceContext, item: FoundLine, parent: Parent): ItemLine {
  const line = { line: 'item', key: item.key } as const;
  const goes = family.erase.by === 'parent' ? 'It goes only' : 'It was to go';
  switch (parent.kind) {
    case 'gone':
      return { ...line, outcome: 'erased', cause: 'with-parent', proof: 'parent-gone' };
    case 'there':
      return { ...line, outcome: 'kept', reason: `${goes} with its parent, which was not erased.` };
    case 'busy':
    case 'unprovable':
      return { ...line, outcome: 'refused', reason: `Whether it is gone could not be proved: ${parent.reason}` };
  }
}

async function lookAtParent(context: SliceContext, item: FoundLine): Promise<Parent> {
  const name = parentOf(context.task);
  if (name === undefined) throw new Error(`${context.family.family} doesn't go with a parent.`);
  const family = familyNamed(name);
  if (family.proof?.by !== 'item') throw new Error(`${family.family} can't be asked for by itself.`);
  const verdict = await context.deps.upstream.send(context.target, {
    operation: family.proof.read,
    parameters: item.parameters,
  });
  switch (verdict.kind) {
    case 'ok':
      return { kind: 'there' };
    case 'busy':
      return verdict;
    case 'refused':
      return { kind: 'unprovable', reason: verdict.reason };
    case 'absent': {
      const control = await controlAt({ ...context, family }, family.proof.control, item.parameters);
      return control.kind === 'proves' ? { kind: 'gone' } : control;
    }
  }
}
