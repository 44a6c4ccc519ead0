import { familyNamed } from '../../catalog/catalog.ts';
import type { Plan, Task } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Dependencies } from '../dependencies.ts';

const PAGE = 500;
/** Resource groups that are named one by one. */
const MOST = 200;

type Row = Plan['byHand'][number];

/**
 * What stays upstream when infrastructure is deleted, by name, with the sentence that says so: for whoever is to clear it away. `found`: of
 * everything that the plan would delete. `erased`: of what is gone.
 */
export async function survivorsOf(
  deps: Pick<Dependencies, 'slices'>,
  { requestId }: Pick<RequestRecord, 'requestId'>,
  of: { tasks: readonly Pick<Task, 'taskId' | 'family' | 'target' | 'way'>[]; which: 'found' | 'erased' },
): Promise<Plan['byHand']> {
  const rows = new Map<string, Row>();
  for (const { taskId, family, target, way } of of.tasks) {
    const { infrastructure, title } = familyNamed(family);
    const sentence = way === 'call' ? infrastructure?.survives?.sentence : undefined;
    if (sentence === undefined) continue;
    const { found, erased } = await linesOf(deps, { requestId, taskId });
    for (const [key, groups] of found) {
      if (of.which === 'erased' && !erased.has(key)) continue;
      for (const what of rows.size < MOST ? namesOf(key, groups, title) : [unnamed(title)])
        rows.set(`${target} ${what}`, { target, what, sentence });
    }
  }
  return [...rows.values()];
}

const unnamed = (title: string): string => `What survives: ${title}`;

function namesOf(key: string, groups: readonly string[], title: string): string[] {
  const item = decodeURIComponent(key.slice(key.lastIndexOf('/') + 1));
  return groups.length > 0
    ? groups.map((group) => `What survives: managed resource group ${group} of ${item}`)
    : [unnamed(title)];
}

/** Clusters are few: operators make them one by one. */
async function linesOf(
  { slices }: Pick<Dependencies, 'slices'>,
  at: Pick<RequestRecord, 'requestId'> & Pick<Task, 'taskId'>,
) {
  const found = new Map<string, readonly string[]>();
  const erased = new Set<string>();
  let marker: string | undefined;
  do {
    const page = await slices.listDone(at, '', { limit: PAGE, marker });
    for (const { sliceId } of page.slices) {
      for await (const line of slices.lines({ ...at, sliceId })) {
        if (line.line === 'found') found.set(line.key, line.survives ?? []);
        if (line.line === 'item' && line.outcome === 'erased') erased.add(line.key);
      }
    }
    marker = page.marker;
  } while (marker !== undefined);
  return { found, erased };
}
