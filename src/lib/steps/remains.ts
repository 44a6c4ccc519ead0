import { familyNamed } from '../catalog/catalog.ts';
import type { EraseByCall, Family } from '../catalog/family.ts';
import type { FoundLine } from '../domain/ledger.ts';
import { erasing } from '../domain/plan.ts';
import type { Place } from '../domain/slice.ts';
import { versionOf } from '../domain/target.ts';
import { descend, identityOf, listsOf, placesBelow } from '../plan/places.ts';
import { compareCascades } from './cascades.ts';
import { readPage } from './read-page.ts';
import type { Remains } from './remaining.ts';
import type { SliceContext } from './slice-context.ts';
import { readTasks, revisionOf } from './tasks.ts';

/**
 * What still lies within an item whose deletion would take it along. Everything approved has been erased in earlier stages: what is
 * there now either could not be erased, or came after the plan and was approved by nobody.
 */
export async function remainsWithin(context: SliceContext, way: EraseByCall, item: FoundLine): Promise<Remains> {
  for (const name of way.contains ?? []) {
    const found = await firstWithin(context, familyNamed(name), item);
    if (found === 'none') continue;
    if (found !== 'some') return found;
    const refused = await refusedIn(context, name);
    return refused
      ? { kind: 'refused', reason: `It still holds items of ${name} that could not be erased.` }
      : { kind: 'drift', reason: `It holds items of ${name} that were not there when the plan was made.` };
  }
  return compareCascades(context, way, item);
}

/** Whether the family has anything below the item: reads until the first element. */
async function firstWithin(
  context: SliceContext,
  family: Family,
  item: FoundLine,
): Promise<'none' | 'some' | Exclude<Remains, { kind: 'none' }>> {
  const at = { family, version: versionOf(context.target) };
  const places: Place[] = descend(at, 1, { ...item.parameters });
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const level = family.within[place.step];
    const operation = level?.list ?? listsOf(at)[place.step - family.within.length];
    if (!operation) continue;
    const verdict = await readPage(context, operation, place);
    if (verdict.kind === 'busy') return verdict;
    if (verdict.kind === 'refused') return { kind: 'refused', reason: verdict.reason };
    if (verdict.kind === 'absent') continue;
    const { items, next } = verdict.value;
    if (!level && items.length > 0) return 'some';
    if (next !== undefined) places.push({ ...place, cursor: next });
    if (level) {
      const ids = items.flatMap((element) => identityOf(level.identity, element) ?? []);
      places.push(...placesBelow(at, place, ids));
    }
  }
  return 'none';
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
