import type { ChildSlice } from '../../domain/slice.ts';
import { isSameSum } from '../../domain/sums.ts';
import type { SliceContext, SliceOutcome } from '../slice/context.ts';
import { SliceResult } from '../slice/result.ts';
import { clearSliceId } from './clear.ts';

/**
 * Compares the inventory that was approved with the one that was just taken again, and makes a slice for each parent under which they are
 * the same: there one call may take everything. Elsewhere the items go by their ids, and what came since stays.
 */
export async function compareParents(context: SliceContext): Promise<SliceOutcome> {
  const result = new SliceResult();
  if (context.settling !== undefined) return { kind: 'done', result, children: [] };
  const planned = await context.sums.of(context, context.task, 'inventory');
  const now = await context.sums.of(context, context.task, 'recheck');
  const isWhole = planned.gaps + now.gaps === 0;
  const children: ChildSlice[] = [];
  for (const [parent, sum] of planned.sums) {
    const found = now.sums.get(parent);
    if (!isWhole || !found || !isSameSum(sum, found)) continue;
    children.push({ sliceId: clearSliceId(parent), work: { kind: 'clear', parent } });
  }
  return { kind: 'done', result, children };
}
