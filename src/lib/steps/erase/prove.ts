import { childSliceId } from '../../domain/ids.ts';
import type { AttemptLine, FoundLine, ItemLine } from '../../domain/ledger.ts';
import { assertNever } from '../../domain/never.ts';
import type { WorkOf } from '../../domain/slice.ts';
import { finalLine, mayStillGo } from '../../plan/finals.ts';
import { groundToStay } from '../../plan/ways.ts';
import { afterPause, patienceIsOver, type SliceContext, type SliceOutcome, timeIsUp } from '../slice/context.ts';
import { attemptsOf, inventoryItems } from '../slice/inventory.ts';
import type { LookedAt } from '../slice/looked-at.ts';
import { SliceResult } from '../slice/result.ts';
import { proveWithParent } from './prove-with-parent.ts';
import { readBackItem } from './read-back-item.ts';
import { readBackLists } from './read-back-lists.ts';

/** Items that are looked at before the time is checked again. */
const GROUP = 64;

/** Reads back the items of one inventory slice while nothing is being deleted, and writes the one final line of each. */
export async function prove(context: SliceContext, work: WorkOf<'prove'>): Promise<SliceOutcome> {
  const { proof } = context.family;
  const result = new SliceResult();
  const items = await inventoryItems(context, work.inventory, work.from);
  const stays = groundToStay(context.task);
  if (stays !== undefined) return keepAll(result, items, stays);
  if (context.task.way === 'parent') return proveWithParent(context, items);
  const attempts = await attemptsOf(context, work.inventory);
  const width = proof?.by === 'item' ? GROUP : items.length;
  for (let from = 0; from < items.length; from += width) {
    if (from > 0 && timeIsUp(context)) return goOn(context, work, { result, done: from });
    const group = items.slice(from, from + width);
    const outcome = await proveGroup(context, group, attempts);
    if ('until' in outcome) {
      return from > 0
        ? goOn(context, work, { result, done: from, notBefore: outcome.until })
        : { kind: 'wait', until: outcome.until, reason: outcome.reason };
    }
    for (const line of outcome) result.add(line);
  }
  return { kind: 'done', result, children: [] };
}

function keepAll(result: SliceResult, items: readonly FoundLine[], reason: string): SliceOutcome {
  for (const item of items) result.add({ line: 'item', key: item.key, outcome: 'kept', reason });
  return { kind: 'done', result, children: [] };
}

async function proveGroup(
  context: SliceContext,
  items: readonly FoundLine[],
  attempts: ReadonlyMap<string, AttemptLine>,
): Promise<ItemLine[] | { until: Date; reason: string }> {
  const attemptOf = (item: FoundLine): AttemptLine =>
    attempts.get(item.key) ?? { line: 'attempt', key: item.key, answer: 'unknown' };
  // What was never begun isn't asked for: it is kept, whatever upstream has.
  const untouched = items.filter((item) => attemptOf(item).answer === 'not-attempted');
  const touched = items.filter((item) => attemptOf(item).answer !== 'not-attempted');
  const kept = untouched.map((item) => finalLine(attemptOf(item), { gone: false }));
  const looked = touched.length === 0 ? { kind: 'seen' as const, items: new Map() } : await lookAt(context, touched);
  switch (looked.kind) {
    case 'busy':
      if (!patienceIsOver(context, context.deps.limits.patienceSeconds)) return looked;
      return [...kept, ...touched.map((item) => unproved(item, looked.reason))];
    case 'unprovable':
      return [...kept, ...touched.map((item) => unproved(item, looked.reason))];
    case 'seen': {
      const lines = touched.map((item) => finalLine(attemptOf(item), looked.items.get(item.key) ?? { gone: false }));
      const pending = touched.some((item) => mayStillGo(attemptOf(item)) && !looked.items.get(item.key)?.gone);
      const mayWait =
        pending && context.settling === undefined && !patienceIsOver(context, context.deps.limits.proofSeconds);
      return mayWait
        ? { until: afterPause(context), reason: 'A deletion was accepted but is not done yet.' }
        : [...kept, ...lines];
    }
    default:
      return assertNever(looked, 'look');
  }
}

const lookAt = (context: SliceContext, items: readonly FoundLine[]): Promise<LookedAt> =>
  context.family.proof?.by === 'item' ? readBackItem(context, items) : readBackLists(context, items);

const unproved = (item: FoundLine, reason: string): ItemLine => ({
  line: 'item',
  key: item.key,
  outcome: 'refused',
  reason: `Whether it is gone could not be proved: ${reason}`,
});

function goOn(
  context: SliceContext,
  work: WorkOf<'prove'>,
  at: { result: SliceResult; done: number; notBefore?: Date },
): SliceOutcome {
  const child = {
    sliceId: childSliceId('prove', context.ref.sliceId, 'rest'),
    work: { ...work, from: work.from + at.done },
    ...(at.notBefore ? { notBefore: at.notBefore.toISOString() } : {}),
  };
  return { kind: 'done', result: at.result, children: [child] };
}
