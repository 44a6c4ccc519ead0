import { z } from 'zod';
import type { Actor } from '../../domain/actor.ts';
import { type RequestId, type TaskId, taskIdSchema } from '../../domain/ids.ts';
import type { Plan, PlannedItem } from '../../domain/plan.ts';
import type { DoneSlice } from '../../store/slices.ts';
import type { Dependencies } from '../dependencies.ts';
import { noteRead } from '../note-read.ts';
import { decoded, encoded, pageOf, placeSchema, START, type Telling } from '../result-pages.ts';
import { type Found, fatesOf } from './item-fates.ts';
import { currentPlan, type NoPlan } from './view-plan.ts';

/** Of one list only: a plan that was made anew has other items, and another task begins elsewhere. */
const placeInPlanSchema = placeSchema.extend({ revision: z.number().int().positive(), only: taskIdSchema.optional() });

export interface PlanItemsQuery {
  readonly requestId: RequestId;
  readonly actor: Actor;
  readonly limit: number;
  /** Only the items of this task. */
  readonly task?: TaskId | undefined;
  readonly continuation?: string | undefined;
}

export type PlanItems =
  | NoPlan
  /** Package, contents and inventory were removed. */
  | { readonly kind: 'results-gone'; readonly since: string }
  /** Only sums were taken. */
  | { readonly kind: 'no-items' }
  | { readonly kind: 'unknown-task' }
  | { readonly kind: 'bad-continuation' }
  | {
      readonly kind: 'page';
      readonly plan: Plan;
      readonly items: readonly PlannedItem[];
      readonly continuation?: string;
    };

type Stores = Pick<Dependencies, 'clock' | 'records' | 'documents' | 'slices'>;

/**
 * One page of the items of the plan that `viewPlan` shows, with what would become of each. The journal is told who looks, as long as it has
 * room: an approver can always read what is to be decided.
 */
export async function listPlanItems(deps: Stores, query: PlanItemsQuery): Promise<PlanItems> {
  const current = await currentPlan(deps, query.requestId);
  if (current.kind !== 'plan') return current;
  const { plan, record } = current;
  if (record.results) return { kind: 'results-gone', since: record.results.since };
  if (plan.action === 'export' && !plan.dryRun) return { kind: 'no-items' };
  const tasks = plan.tasks.filter(({ taskId }) => query.task === undefined || taskId === query.task);
  if (query.task !== undefined && tasks.length === 0) return { kind: 'unknown-task' };
  const start = startOf(query, plan);
  if (!start) return { kind: 'bad-continuation' };
  const telling = inventoryOf(deps, query.requestId, tasks);
  const { entries, next } = await pageOf(deps, telling, { start, limit: query.limit });
  const items = await fatesOf(deps, { record, plan }, entries);
  const only = query.task === undefined ? {} : { only: query.task };
  const continuation = next && encoded({ ...next, revision: plan.revision, ...only });
  // What was removed meanwhile is missing in the page.
  const after = await deps.records.read(query.requestId);
  if (!after) return { kind: 'missing' };
  if (after.results) return { kind: 'results-gone', since: after.results.since };
  const { actor } = query;
  await noteRead(deps, after, { actor, event: 'plan-viewed', file: `revision ${plan.revision}, items` });
  return { kind: 'page', plan, items, ...(continuation !== undefined && { continuation }) };
}

function startOf({ continuation, task }: PlanItemsQuery, { revision }: Plan) {
  if (continuation === undefined) return START;
  const place = decoded(placeInPlanSchema, continuation);
  if (place?.revision !== revision || place.only !== task) return undefined;
  const { revision: _, only: __, ...start } = place;
  return start;
}

const inventoryOf = (
  { slices }: Pick<Dependencies, 'slices'>,
  requestId: RequestId,
  tasks: Plan['tasks'],
): Telling<Plan['tasks'][number], Found> => ({
  requestId,
  tasks,
  phase: 'inventory',
  async *of(task, { sliceId, counts }: DoneSlice) {
    if (counts.found === 0) return;
    for await (const item of slices.lines({ requestId, taskId: task.taskId, sliceId }))
      if (item.line === 'found') yield { task, item };
  },
});
