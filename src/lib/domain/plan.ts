import { createHash } from 'node:crypto';
import { z } from 'zod';
import { taskIdSchema } from './ids.ts';
import { countsSchema } from './ledger.ts';
import { ACTIONS, type Action, IDENTIFIERS } from './request.ts';

/**
 * How the items of a task leave: by calls of their own, by one call for all under one parent (`whole`), with their parent, by hand only; or
 * not at all, since nobody may ask for it.
 */
export const ERASE_WAYS = ['call', 'whole', 'parent', 'hand', 'keep'] as const;

export const taskSchema = z.object({
  taskId: taskIdSchema,
  family: z.string(),
  target: z.string(),
  /** Stages are worked on one after another; tasks of one stage together. */
  stage: z.number().int().nonnegative(),
  way: z.enum(ERASE_WAYS),
  /** Reads and saves what another task of the same family will erase. */
  role: z.literal('export-first').optional(),
  /** The task of an earlier revision of the plan: what that one left is done again. */
  again: taskIdSchema.optional(),
  /** The first of such tasks, beside which contents lie: what is saved already is not downloaded again. */
  contents: taskIdSchema.optional(),
});
export type Task = z.infer<typeof taskSchema>;

/** The tasks that erase, or find what would be erased; not those that only save it before. */
export const erasing = <T extends Task>(tasks: readonly T[]): T[] => tasks.filter((task) => task.role === undefined);
export const savingFirst = <T extends Task>(tasks: readonly T[]): T[] =>
  tasks.filter((task) => task.role !== undefined);

/** What a task does for a request: of a delete, what comes first saves. */
export const doesOf = (action: Action, { role }: Pick<Task, 'role'>): Action =>
  role === undefined ? action : 'export';

/** Those of a list that are the revision's own, not of an earlier one that this one goes on with. */
export const ownTasks = ({ revision, tasks }: TaskList): Task[] =>
  tasks.filter(({ taskId }) => Number.parseInt(taskId, 10) === revision);

/** People besides the subject; `more`: at least so many. */
export const otherPeopleSchema = z.object({ people: z.number().int().positive(), more: z.boolean() });
export type OtherPeople = z.infer<typeof otherPeopleSchema>;

/**
 * Where a person is looked for: `by` which identifiers the family's documents name people, which of them are `given`, and what follows where
 * one is missing. Kinds of identifiers only, never one itself.
 */
export const searchSchema = z.object({
  by: z.array(z.enum(IDENTIFIERS)),
  given: z.array(z.enum(IDENTIFIERS)),
  notice: z.string().optional(),
});
export type Search = z.infer<typeof searchSchema>;

/** What a request would touch in one family of one target, as found before anything is touched. */
export const plannedSchema = taskSchema.extend({
  counts: countsSchema,
  keysDigest: z.string(),
  /** People besides the subject whom the items name; `more`: at least so many. */
  others: otherPeopleSchema.optional(),
  /** Keys of items that stay since they concern other people too, unless a decision names them; `more`: not all of them. */
  shared: z.object({ keys: z.array(z.string()), more: z.boolean() }).optional(),
  /** Absent where everything is wanted, whoever's. */
  search: searchSchema.optional(),
});

/**
 * What would become of an item, going by what is known when the plan is made: `erased` by a call of its own or one for several, erased
 * `with-parent`, `kept`, left to be erased `by-hand`, left `refused` as it was before; in a dry run of an export `saved`.
 */
const FATES = ['erased', 'with-parent', 'kept', 'by-hand', 'refused', 'saved'] as const;

/** An item of a plan. `ground`: why it would stay. `parent`: key of that with which it goes, or would have gone. */
export const plannedItemSchema = taskSchema.pick({ taskId: true, family: true, target: true }).extend({
  key: z.string(),
  fate: z.enum(FATES),
  ground: z.string().optional(),
  parent: z.string().optional(),
});
export type PlannedItem = z.infer<typeof plannedItemSchema>;

/** Something outside every task that only a person can erase, with the sentence of the source document. */
export const byHandSchema = z.object({ target: z.string(), what: z.string(), sentence: z.string() });

/** `plan.json`. An approver approves `hash`: it covers everything else in here. */
export const planSchema = z.object({
  v: z.literal(1),
  revision: z.number().int().positive(),
  action: z.enum(ACTIONS),
  dryRun: z.boolean(),
  /** Absent: each item by itself. Each task says which way its items go. */
  erase: z.literal('together').optional(),
  tasks: z.array(plannedSchema),
  byHand: z.array(byHandSchema),
  hash: z.string(),
});
export type Plan = z.infer<typeof planSchema>;

/** The tasks of a revision, written before the first of them begins. */
export const taskListSchema = z.object({
  v: z.literal(1),
  revision: z.number().int().positive(),
  tasks: z.array(taskSchema),
});
export type TaskList = z.infer<typeof taskListSchema>;

/** Digest of what is to be approved, lower-case hex of SHA-256 over its JSON with sorted members. */
export const planHash = (plan: Omit<Plan, 'hash'>): string =>
  createHash('sha256').update(canonicalJson(plan)).digest('hex');

/** JSON with the members of every object sorted by name, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
