import { familyNamed } from '../../catalog/catalog.ts';
import type { Family } from '../../catalog/family.ts';
import type { OtherPeople, Task } from '../../domain/plan.ts';
import type { RequestRecord, Submission } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../in-parallel.ts';

const PAGE = 500;
const WIDTH = 16;
/** Other people counted one by one. */
const MOST_PEOPLE = 10_000;

/** An export of everything, whoever's. */
export const takesEverybodys = ({ action, scope, dryRun }: Submission): boolean =>
  action === 'export' && scope === 'target' && !dryRun;

/** Its documents name nobody as their owner, but may mention people: these are counted while it is exported, not before. */
export const onlyMentions = ({ persons }: Family): boolean => persons !== undefined && persons.identity === undefined;

/** How many people besides the subject the items of an export's task name; undefined where nobody else was found, or looked for. */
export async function otherPeopleIn(
  deps: Pick<Dependencies, 'slices'>,
  { requestId, submission }: RequestRecord,
  { taskId, family: name }: Pick<Task, 'taskId' | 'family'>,
): Promise<OtherPeople | undefined> {
  const family = familyNamed(name);
  if (!takesEverybodys(submission) || family.persons === undefined) return undefined;
  const phase = onlyMentions(family) ? 'export' : 'people';
  const people = new Set<string>();
  let marker: string | undefined;
  do {
    const page = await deps.slices.listDone({ requestId, taskId }, phase, { limit: PAGE, marker });
    const headers = await inParallel(page.slices, WIDTH, ({ sliceId }) =>
      deps.slices.readHeader({ requestId, taskId, sliceId }),
    );
    for (const header of headers)
      for (const other of header?.others ?? []) if (people.size < MOST_PEOPLE) people.add(other);
    marker = page.marker;
  } while (marker !== undefined && people.size < MOST_PEOPLE);
  return people.size > 0 ? { people: people.size, more: people.size >= MOST_PEOPLE } : undefined;
}
