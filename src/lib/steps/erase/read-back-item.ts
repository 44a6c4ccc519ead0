import type { FoundLine } from '../../domain/ledger.ts';
import type { ReadBack } from '../../plan/finals.ts';
import type { SliceContext } from '../slice/context.ts';
import { controlAt } from '../slice/control.ts';
import type { LookedAt } from '../slice/looked-at.ts';

/** Asks for each item by itself. Afterwards the control is asked, once for each parent. */
export async function readBackItem(context: SliceContext, items: readonly FoundLine[]): Promise<LookedAt> {
  const { proof } = context.family;
  if (proof?.by !== 'item') throw new Error(`${context.family.family} isn't proved item by item.`);
  const seen = new Map<string, ReadBack>();
  const levels = new Map<string, ReadBack>();
  for (const item of items) {
    const verdict = await context.deps.upstream.send(context.target, {
      operation: proof.read,
      parameters: item.parameters,
    });
    if (verdict.kind === 'busy') return verdict;
    if (verdict.kind === 'refused') return { kind: 'unprovable', reason: verdict.reason };
    if (verdict.kind === 'ok') {
      seen.set(item.key, { gone: false });
      continue;
    }
    const parent = item.key.slice(0, item.key.lastIndexOf('/'));
    let gone = levels.get(parent);
    if (!gone) {
      const control = await controlAt(context, proof.control, item.parameters);
      if (control.kind !== 'proves') return control;
      gone = { gone: true, proof: control.level };
      levels.set(parent, gone);
    }
    seen.set(item.key, gone);
  }
  return { kind: 'seen', items: seen };
}
