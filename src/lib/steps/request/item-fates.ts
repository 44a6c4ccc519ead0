import type { RequestId } from '../../domain/ids.ts';
import type { FoundLine } from '../../domain/ledger.ts';
import type { Plan, PlannedItem } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { parentPath } from '../../plan/places.ts';
import { groundToStay, parentDepth, parentOf } from '../../plan/ways.ts';
import type { Dependencies } from '../dependencies.ts';
import { sharedGround, sharedWith } from '../slice/visit.ts';

const PAGE = 500;

type Planned = Plan['tasks'][number];
type Fate = Pick<PlannedItem, 'fate' | 'ground' | 'parent'>;
type Asked = Pick<RequestRecord, 'requestId' | 'submission' | 'include'>;

/** An item of a task's inventory. */
export interface Found {
  readonly task: Planned;
  readonly item: FoundLine;
}

/** What would become of a page of items. Parents are looked up in their own inventory: what is in memory grows with the page only. */
export async function fatesOf(
  deps: Pick<Dependencies, 'slices'>,
  { record, plan }: { record: Asked; plan: Plan },
  found: readonly Found[],
): Promise<PlannedItem[]> {
  const going = record.submission.action === 'delete' ? await goingParents(deps, { record, plan }, found) : NONE;
  return found.map(({ task, item }) => {
    const { taskId, family, target } = task;
    const parent = record.submission.action === 'delete' ? parentKey(task, item.key) : undefined;
    const fate =
      parent === undefined ? ownFate(record, task, item) : withParent(parent, going.has(inTarget(target, parent)));
    return { taskId, family, target, key: item.key, ...fate };
  });
}

const NONE: ReadonlySet<string> = new Set();

const withParent = (parent: string, goes: boolean): Fate =>
  goes
    ? { fate: 'with-parent', parent }
    : { fate: 'kept', ground: 'It goes with its parent, which this plan does not erase.', parent };

/** The same order in which the erasing steps ask. */
function ownFate(record: Asked, task: Planned, item: FoundLine): Fate {
  if (record.submission.action === 'export') {
    const others = sharedWith({ record }, item);
    return others > 0 ? { fate: 'kept', ground: sharedGround(others) } : { fate: 'saved' };
  }
  const ground = groundToStay(task);
  if (ground !== undefined) return { fate: task.way === 'hand' ? 'by-hand' : 'kept', ground };
  if (item.stays !== undefined) return { fate: 'refused', ground: item.stays };
  return item.others === undefined ? { fate: 'erased' } : { fate: 'kept', ground: sharedGround(item.others) };
}

function parentKey(task: Planned, key: string): string | undefined {
  const family = parentOf(task);
  return family === undefined ? undefined : `${encodeURIComponent(family)}/${parentPath(key, parentDepth(task))}`;
}

const inTarget = (target: string, key: string): string => `${target} ${key}`;

/** Those parents of the items that the plan erases: found themselves, and nothing keeps them. */
async function goingParents(
  deps: Pick<Dependencies, 'slices'>,
  { record, plan }: { record: Asked; plan: Plan },
  found: readonly Found[],
): Promise<ReadonlySet<string>> {
  const wanted = new Set(
    found.flatMap(({ task, item }) => {
      const parent = parentKey(task, item.key);
      return parent === undefined ? [] : inTarget(task.target, parent);
    }),
  );
  const going = new Set<string>();
  const names = new Set(found.map(({ task }) => inTarget(task.target, parentOf(task) ?? '')));
  for (const task of plan.tasks.filter(({ target, family }) => names.has(inTarget(target, family)))) {
    for await (const item of inventoryOf(deps, record.requestId, task)) {
      const name = inTarget(task.target, item.key);
      if (wanted.delete(name) && ownFate(record, task, item).fate === 'erased') going.add(name);
      if (wanted.size === 0) return going;
    }
  }
  return going;
}

async function* inventoryOf(
  { slices }: Pick<Dependencies, 'slices'>,
  requestId: RequestId,
  { taskId }: Planned,
): AsyncGenerator<FoundLine> {
  let marker: string | undefined;
  do {
    const page = await slices.listDone({ requestId, taskId }, 'inventory', { limit: PAGE, marker });
    for (const { sliceId } of page.slices) {
      for await (const line of slices.lines({ requestId, taskId, sliceId })) if (line.line === 'found') yield line;
    }
    marker = page.marker;
  } while (marker !== undefined);
}
