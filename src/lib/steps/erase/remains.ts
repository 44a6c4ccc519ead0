import { familyNamed } from '../../catalog/catalog.ts';
import type { EraseByCall, Family } from '../../catalog/family.ts';
import type { FoundLine } from '../../domain/ledger.ts';
import { erasing, type Task } from '../../domain/plan.ts';
import type { SliceContext } from '../slice/context.ts';
import type { Remains } from '../slice/remaining.ts';
import { listedWithin } from '../slice/within.ts';
import { readTasks, revisionOf } from '../tasks.ts';
import { compareCascades } from './cascades.ts';

/**
 * What still lies within an item whose deletion would take it along. Everything approved has been erased in earlier stages, unless it is to
 * go along: what else is there now either could not be erased, or came after the plan and was approved by nobody.
 */
export async function remainsWithin(
  context: SliceContext,
  way: EraseByCall,
  { item, along }: { item: FoundLine; along: readonly Task[] },
): Promise<Remains> {
  for (const name of way.contains ?? []) {
    if (along.some((task) => task.family === name)) continue;
    const found = await firstWithin(context, familyNamed(name), item);
    if (found === 'none') continue;
    if (found !== 'some') return found;
    const refused = await refusedIn(context, name);
    return refused
      ? { kind: 'refused', reason: `It still holds items of ${name} that could not be erased.` }
      : { kind: 'drift', reason: `It holds items of ${name} that were not there when the plan was made.` };
  }
  return compareCascades(context, way, { item, along });
}

/** Whether the family has anything below the item: reads until the first element. */
async function firstWithin(
  context: SliceContext,
  family: Family,
  item: FoundLine,
): Promise<'none' | 'some' | Exclude<Remains, { kind: 'none' }>> {
  for await (const page of listedWithin(context, family, item.parameters)) {
    // Of an account that is gone no list answers: nothing is left that its deletion could take along.
    if (page.kind === 'refused') return (await isGone(context, item)) ? 'none' : page;
    if (page.kind !== 'items') return page;
    if (page.items.length > 0) return 'some';
  }
  return 'none';
}

async function isGone({ deps, family, target }: SliceContext, { parameters }: FoundLine): Promise<boolean> {
  const { read } = family;
  return read !== undefined && (await deps.upstream.send(target, { operation: read, parameters })).kind === 'absent';
}

async function refusedIn(context: SliceContext, family: string): Promise<boolean> {
  const { deps, record, target } = context;
  const list = await readTasks(deps, record.requestId, revisionOf(record));
  const task = erasing(list?.tasks ?? []).find(
    (candidate) => candidate.family === family && candidate.target === target.name,
  );
  if (!task) return false;
  const counts = await deps.slices.sumDone(record.requestId, task.taskId);
  return counts.refused > 0;
}
