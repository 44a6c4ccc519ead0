import { z } from 'zod';

/** JSON has no word for what isn't a number, as a ratio to nothing. */
const numberSchema = z.number().or(z.null().transform(() => Number.NaN));

/** One number of a benchmark. `unit` is empty for ratios and counts. */
export const figureSchema = z.object({ what: z.string(), value: numberSchema, unit: z.string() });
export type Figure = z.infer<typeof figureSchema>;

/** What a number should be. `met` is undefined where a smaller size than the goal's was measured. */
export const goalSchema = z.object({ goal: z.string(), value: numberSchema, met: z.boolean() });
export type Goal = z.infer<typeof goalSchema>;

export const outcomeSchema = z.object({
  name: z.string(),
  what: z.string(),
  size: z.string(),
  rounds: z.number().int(),
  figures: z.array(figureSchema),
  goals: z.array(goalSchema),
  /** Wall-clock seconds that measuring took. */
  took: z.number(),
  failure: z.string().exactOptional(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

export const machineSchema = z.object({
  date: z.iso.datetime(),
  commit: z.string(),
  processor: z.string(),
  cores: z.number().int(),
  memoryGibibytes: z.number(),
  system: z.string(),
  versions: z.record(z.string(), z.string()),
  /** Load average of the minute before: others on the machine. */
  loadBefore: z.number(),
});
export type Machine = z.infer<typeof machineSchema>;

export const reportSchema = z.object({
  v: z.literal(1),
  machine: machineSchema,
  scale: z.number(),
  rows: z.array(outcomeSchema),
});
export type Report = z.infer<typeof reportSchema>;

export const figure = (what: string, value: number, unit = ''): Figure => ({ what, value, unit });
export const atLeast = (what: string, value: number, least: number): Goal => ({
  goal: `${what} ≥ ${least}`,
  value,
  met: value >= least,
});
export const atMost = (what: string, value: number, most: number): Goal => ({
  goal: `${what} ≤ ${most}`,
  value,
  met: value <= most,
});
