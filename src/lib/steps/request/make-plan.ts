import { createHash } from 'node:crypto';
import { branchOf, familyNamed } from '../../catalog/catalog.ts';
import { addCounts, type Counts, NO_COUNTS } from '../../domain/ledger.ts';
import { erasing, type Plan, planHash, type Search, type Task, type TaskList } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { searchOf } from '../../plan/searches.ts';
import { untoldOf } from '../../plan/told-by.ts';
import type { Dependencies } from '../dependencies.ts';
import { onlyMentions, takesEverybodys } from '../slice/other-people.ts';
import { MOST_SHARED } from '../slice/result.ts';
import { survivorsOf } from './survivors.ts';

const PAGE = 500;
/** Other people counted one by one. */
const MOST_PEOPLE = 10_000;

const COUNTED_LATER =
  'Other people were not looked for in it: its documents have no owners. Those whom its tags, metadata or texts mention are counted while it is exported; receipt and report say how many.';

/** The plan of the record's revision from the inventory that was taken, and its sums. */
export async function makePlan(
  deps: Dependencies,
  record: RequestRecord,
  list: TaskList,
): Promise<{ plan: Plan; counts: Counts }> {
  const tasks: Plan['tasks'] = [];
  let counts = NO_COUNTS;
  for (const task of erasing(list.tasks)) {
    const taken = await inventoryOf(deps, record, task);
    const search = searchOf(familyNamed(task.family), record.submission) ?? unsearched(record, task, list.tasks);
    tasks.push({ ...task, ...taken, ...(search && { search }) });
    counts = addCounts(counts, taken.counts);
  }
  const { action, dryRun, erase } = record.submission;
  const together = erase === 'together' ? { erase } : {};
  const survivors = await survivorsOf(deps, record, { tasks, which: 'found' });
  const byHand = [...byHandOf(deps, record, tasks), ...survivors];
  const facts = { v: 1 as const, revision: list.revision, action, dryRun, ...together };
  const body = { ...facts, tasks, byHand };
  return { plan: { ...body, hash: planHash(body) }, counts };
}

/** Where other people were not looked for, although an export takes everything, whoever's. */
function unsearched({ submission }: RequestRecord, task: Task, tasks: readonly Task[]): Search | undefined {
  const untold = submission.action === 'export' && submission.scope === 'target' ? untoldOf(task, tasks) : [];
  if (untold.length === 0) {
    const isCounted = takesEverybodys(submission) && onlyMentions(familyNamed(task.family));
    return isCounted ? { by: [], given: [], notice: COUNTED_LATER } : undefined;
  }
  const notice = `Whose it is stands in ${untold.join(', ')}, for which this request does not ask: other people were not looked for in it.`;
  return { by: [], given: [], notice };
}

type Inventory = Pick<Plan['tasks'][number], 'counts' | 'keysDigest' | 'others' | 'shared'>;

/** Sums of a task's inventory, a digest over the digests of its slices, in order of their names, and the people in it. */
async function inventoryOf(deps: Dependencies, record: RequestRecord, task: Task): Promise<Inventory> {
  const { requestId } = record;
  const { taskId } = task;
  const phase = record.submission.action === 'export' && !record.submission.dryRun ? 'people' : 'inventory';
  const digest = createHash('sha256');
  const people = new Set<string>();
  const shared: string[] = [];
  let counts = NO_COUNTS;
  let marker: string | undefined;
  do {
    const page = await deps.slices.listDone({ requestId, taskId }, phase, { limit: PAGE, marker });
    for (const slice of page.slices) {
      counts = addCounts(counts, slice.counts);
      const header = await deps.slices.readHeader({ requestId, taskId, sliceId: slice.sliceId });
      counts = addCounts(counts, { ...NO_COUNTS, gaps: header?.unread ?? 0 });
      if (header?.keysDigest !== undefined) digest.update(`${header.keysDigest}\n`);
      for (const other of header?.others ?? []) if (people.size < MOST_PEOPLE) people.add(other);
      shared.push(...(header?.shared ?? []).slice(0, MOST_SHARED + 1 - shared.length));
    }
    marker = page.marker;
  } while (marker !== undefined);
  const others = people.size > 0 ? { others: { people: people.size, more: people.size >= MOST_PEOPLE } } : {};
  const named = { keys: shared.slice(0, MOST_SHARED), more: shared.length > MOST_SHARED };
  return { counts, keysDigest: digest.digest('hex'), ...others, ...(shared.length > 0 ? { shared: named } : {}) };
}

/** What only a person can erase, with the sentence of the source: families by hand, and what lies outside all families. */
export function byHandOf(
  deps: Dependencies,
  record: RequestRecord,
  tasks: readonly Pick<Task, 'family' | 'target'>[],
): Plan['byHand'] {
  const families = tasks.flatMap(({ family, target }) => {
    const { erase, title } = familyNamed(family);
    return erase.by === 'hand' ? [{ target, what: title, sentence: erase.sentence }] : [];
  });
  const outside = record.targets.flatMap((target) => {
    const kind = deps.target(target)?.kind ?? '';
    return (branchOf(kind)?.byHand ?? []).map((row) => ({ target, ...row }));
  });
  return [...families, ...outside];
}
