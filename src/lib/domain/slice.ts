import { z } from 'zod';
import { requestIdSchema, sliceIdSchema, taskIdSchema } from './ids.ts';
import { countsSchema } from './ledger.ts';
import { keySumSchema } from './sums.ts';

/** The whole content of a queue message for a slice: ids only, never a cursor, never anything about a person. */
export const sliceMessageSchema = z.strictObject({
  v: z.literal(1),
  requestId: requestIdSchema,
  run: z.number().int().positive(),
  taskId: taskIdSchema,
  sliceId: sliceIdSchema,
});
export type SliceMessage = z.infer<typeof sliceMessageSchema>;

/** The whole content of a message on `dsr-requests`: "look at this request's record". */
export const requestMessageSchema = z.strictObject({ v: z.literal(1), requestId: requestIdSchema });

/**
 * A place in the upstream tree where a walk goes on: a step of the family's path, the parameters gathered on the way there, and how far
 * the list at that place was read. `offset`: items of the page at `cursor` that are done already.
 */
export const placeSchema = z.object({
  step: z.number().int().nonnegative(),
  parameters: z.record(z.string(), z.string()),
  cursor: z.string().optional(),
  offset: z.number().int().nonnegative(),
  /** Digests of the ids on the page before: what comes from there again is no other item. */
  seen: z.array(z.string()).optional(),
});
export type Place = z.infer<typeof placeSchema>;

const walk = z.object({
  kind: z.literal('walk'),
  /** `recheck`: the inventory is taken again, and only its sums are kept. `people`: whose data an export would contain. */
  purpose: z.enum(['export', 'inventory', 'recheck', 'people']),
  frontier: z.array(placeSchema),
});
/** Makes one slice of kind `into` for each slice of the inventory, a page of them at a time. `left`: of the inventory of the task that is done again. */
const spread = z.object({
  kind: z.literal('spread'),
  into: z.enum(['erase', 'prove', 'left']),
  marker: z.string().optional(),
});
/** Takes over what the earlier task has left of that slice of its inventory. */
const left = z.object({ kind: z.literal('left'), inventory: sliceIdSchema });
/** Compares both inventories and makes a slice `clear` for each parent under which they are the same. */
const parents = z.object({ kind: z.literal('parents') });
/** Erases all of the family's items under one parent by one call. */
const clear = z.object({ kind: z.literal('clear'), parent: z.string() });
/** The item at that position of the inventory slice; `pollUrl` tells how its deletion ends, `after` is the moment before which nobody should ask. */
const goesOnSchema = z.object({ at: z.number().int().nonnegative(), pollUrl: z.url(), after: z.iso.datetime() });
export type GoesOn = z.infer<typeof goesOnSchema>;

/** `from`: items of that inventory slice which an earlier slice has dealt with. */
const erase = z.object({
  kind: z.literal('erase'),
  inventory: sliceIdSchema,
  from: z.number().int().nonnegative(),
  /** An earlier slice has called for the deletion of what stands at `from`, and doesn't know what became of it. */
  begun: z.boolean().optional(),
  /** Deletions before `from` that upstream has begun and goes on with. */
  goesOn: z.array(goesOnSchema).optional(),
});
const prove = z.object({ kind: z.literal('prove'), inventory: sliceIdSchema, from: z.number().int().nonnegative() });
/** One package volume, from `task`/`slice` on, in the order of the plan and of the blobs' names. */
const volume = z.object({
  kind: z.literal('volume'),
  number: z.number().int().positive(),
  task: z.number().int().nonnegative(),
  marker: z.string().optional(),
});
const manifest = z.object({ kind: z.literal('manifest'), volumes: z.number().int().nonnegative() });

export const sliceWorkSchema = z.discriminatedUnion('kind', [
  walk,
  spread,
  left,
  parents,
  clear,
  erase,
  prove,
  volume,
  manifest,
]);
export type SliceWork = z.infer<typeof sliceWorkSchema>;

/** Kinds of slices that delete upstream. */
export const DESTROYS: readonly SliceWork['kind'][] = ['erase', 'clear'];
export type WorkOf<K extends SliceWork['kind']> = Extract<SliceWork, { kind: K }>;

/** A slice found on the way. `notBefore`: upstream asked to be left alone until then. */
export const childSchema = z.object({
  sliceId: sliceIdSchema,
  work: sliceWorkSchema,
  notBefore: z.iso.datetime().optional(),
});
export type ChildSlice = z.infer<typeof childSchema>;

/** First line of a slice's result; what the slice found and what it leaves to be done. The result is committed once, by one writer. */
export const sliceHeaderSchema = z.object({
  line: z.literal('slice'),
  v: z.literal(1),
  sliceId: sliceIdSchema,
  kind: z.string(),
  counts: countsSchema,
  children: z.array(childSchema),
  /** Digest over the sorted stable keys of an inventory slice: no links, no dates. */
  keysDigest: z.string().optional(),
  /** Sums of keys for each parent with which items go: two inventories are compared by them. */
  parents: z.record(z.string(), keySumSchema).optional(),
  /** Keyed digests of the other people whom the items name, at most as many as are worth counting. */
  others: z.array(z.string()).optional(),
  /** Places that could not be read when people were looked for: they count in the plan alone, since the export reads them again. */
  unread: z.number().int().positive().optional(),
  /** Keys of found items that concern other people too, the first of them. */
  shared: z.array(z.string()).optional(),
  /** It failed at every attempt: this only tells what it held. */
  givenUp: z.literal(true).optional(),
  /** Of what was given up: how the last attempt ended that threw. Its class and fixed words, never a message. */
  lastError: z.string().optional(),
});
export type SliceHeader = z.infer<typeof sliceHeaderSchema>;
