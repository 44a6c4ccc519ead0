import { z } from 'zod';

/** What became of an item. Exactly one final outcome for each item found. */
export const FINAL_OUTCOMES = ['saved', 'erased', 'absent', 'kept', 'refused'] as const;
export type FinalOutcome = (typeof FINAL_OUTCOMES)[number];

/** How a deletion was proved, strongest first; printed in the receipt. */
export const PROOF_LEVELS = ['item-404', 'absent-from-list', 'parent-gone', 'by-documentation'] as const;
export type ProofLevel = (typeof PROOF_LEVELS)[number];

const content = z.object({
  blob: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  contentType: z.string(),
});
export type Content = z.infer<typeof content>;

/** Final account of one item. `reason` is a ground (kept), a refusal (refused) or a remark (absent, erased). */
export const itemLineSchema = z.object({
  line: z.literal('item'),
  key: z.string(),
  outcome: z.enum(FINAL_OUTCOMES),
  reason: z.string().optional(),
  /**
   * How it is known that this request erased it: upstream accepted a call for this item alone (`observed`); a call was made and its answer
   * isn't known (`unobserved`); it went with its parent; upstream accepted a call for several items and doesn't say which of them were
   * still there (`in-batch`).
   */
  cause: z.enum(['observed', 'unobserved', 'with-parent', 'in-batch']).optional(),
  proof: z.enum(PROOF_LEVELS).optional(),
  /** Kept only because nothing more was to be begun: it may be done again. */
  left: z.literal(true).optional(),
  contents: z.array(content).optional(),
});
export type ItemLine = z.infer<typeof itemLineSchema>;

/** A document as upstream gave it, secrets masked. `part` names an attachment, such as an iteration's performance. */
export const documentLineSchema = z.object({
  line: z.literal('document'),
  key: z.string(),
  part: z.string().optional(),
  flags: z.array(z.string()).optional(),
  document: z.unknown(),
});
export type DocumentLine = z.infer<typeof documentLineSchema>;

/** An item of the inventory: its stable key and what is needed to address it again. */
export const foundLineSchema = z.object({
  line: z.literal('found'),
  key: z.string(),
  parameters: z.record(z.string(), z.string()),
  /** How many other people it concerns, where that is more than none: then it isn't the subject's alone. */
  others: z.number().int().positive().optional(),
  /** Names of resource groups that stay when it is deleted. */
  survives: z.array(z.string()).optional(),
  /** Its deletion was called for in an earlier revision of the plan: that it is missing may be our doing. */
  attempted: z.literal(true).optional(),
  /** Taken over as refused, on this ground: nobody asked for it to be tried again. */
  stays: z.string().optional(),
});
export type FoundLine = z.infer<typeof foundLineSchema>;

/**
 * What upstream answered to the attempt to erase an item. The proof comes later and decides. `unanswered`: a call was made, and upstream
 * never said what became of it.
 */
export const attemptLineSchema = z.object({
  line: z.literal('attempt'),
  key: z.string(),
  answer: z.enum([
    'accepted',
    'missing',
    'missing-after-attempt',
    'refused',
    'drift',
    'not-attempted',
    'unknown',
    'unanswered',
  ]),
  reason: z.string().optional(),
  /** An earlier try, slice or revision called for its deletion: that may have been carried out, whatever this one says. */
  attempted: z.literal(true).optional(),
  /** What was answered concerned several items at once, and didn't tell them apart. */
  batch: z.literal(true).optional(),
  /** It was not begun, or not brought to its end, because nothing more was to be begun. */
  left: z.literal(true).optional(),
});
export type AttemptLine = z.infer<typeof attemptLineSchema>;

/** A part of the upstream tree that could not be read: what lies there is unknown, and nothing may claim to be complete. */
export const gapLineSchema = z.object({ line: z.literal('gap'), place: z.string(), reason: z.string() });
export type GapLine = z.infer<typeof gapLineSchema>;

/** A package volume that is written; lower-case hex of SHA-256 over the archive as it lies in storage. */
export const volumeLineSchema = z.object({
  line: z.literal('volume'),
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  entries: z.number().int().nonnegative(),
});
export type VolumeLine = z.infer<typeof volumeLineSchema>;

/** A file within a package volume, as it is once unpacked. `volume` is the volume's name. */
export const entryLineSchema = z.object({
  line: z.literal('entry'),
  volume: z.string(),
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
});
export type EntryLine = z.infer<typeof entryLineSchema>;

export const resultLineSchema = z.discriminatedUnion('line', [
  itemLineSchema,
  documentLineSchema,
  foundLineSchema,
  attemptLineSchema,
  gapLineSchema,
  volumeLineSchema,
  entryLineSchema,
]);
export type ResultLine = z.infer<typeof resultLineSchema>;

const count = z.number().int().nonnegative();
export const countsSchema = z.object({
  found: count,
  saved: count,
  erased: count,
  absent: count,
  kept: count,
  refused: count,
  gaps: count,
  drift: count,
  documents: count,
  bytes: count,
});
/** Sums over ledger lines. `drift`: items kept because upstream no longer was what had been approved. `bytes`: contents downloaded. */
export type Counts = z.infer<typeof countsSchema>;

export const NO_COUNTS: Counts = {
  found: 0,
  saved: 0,
  erased: 0,
  absent: 0,
  kept: 0,
  refused: 0,
  gaps: 0,
  drift: 0,
  documents: 0,
  bytes: 0,
};

export function addCounts(a: Counts, b: Counts): Counts {
  const sum = { ...a };
  for (const name of Object.keys(NO_COUNTS) as (keyof Counts)[]) sum[name] += b[name];
  return sum;
}

/** The inverse of `addCounts`. */
export function subtractCounts(a: Counts, b: Counts): Counts {
  const rest = { ...a };
  for (const name of Object.keys(NO_COUNTS) as (keyof Counts)[]) rest[name] -= b[name];
  return rest;
}

/** Items with a final line. */
export const settled = (counts: Counts): number =>
  counts.saved + counts.erased + counts.absent + counts.kept + counts.refused;

/** An end that only the other action gives. */
const FOREIGN = { export: 'erased', delete: 'saved' } as const;

/** found = saved + absent + kept + refused, or erased + absent + kept + refused. The sentence that is broken, or undefined. */
export function identityFault(what: string, counts: Counts, does: keyof typeof FOREIGN): string | undefined {
  const final = settled(counts);
  if (counts.found !== final)
    return `${what}: ${counts.found} items were found, ${final} have a final line in the ledger.`;
  const foreign = FOREIGN[does];
  if (counts[foreign] === 0) return undefined;
  return `${what}: ${counts[foreign]} items are ${foreign}, which ${does === 'export' ? 'an export' : 'a deletion'} can't end as.`;
}

const PROPERTY_OF: Record<ResultLine['line'], (line: ResultLine) => Partial<Counts>> = {
  document: () => ({ documents: 1 }),
  found: () => ({ found: 1 }),
  gap: () => ({ gaps: 1 }),
  attempt: (line) => (line.line === 'attempt' && line.answer === 'drift' ? { drift: 1 } : {}),
  item: (line) => (line.line === 'item' ? { [line.outcome]: 1, bytes: contentBytes(line) } : {}),
  // A package repeats what was counted when it was saved.
  volume: () => ({}),
  entry: () => ({}),
};

const contentBytes = (line: ItemLine): number => (line.contents ?? []).reduce((sum, part) => sum + part.bytes, 0);

/** What one line adds to the sums. */
export const countLine = (line: ResultLine): Counts => ({ ...NO_COUNTS, ...PROPERTY_OF[line.line](line) });
