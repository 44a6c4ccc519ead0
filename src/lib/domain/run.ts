import { z } from 'zod';
import { requestIdSchema, sliceIdSchema, taskIdSchema } from './ids.ts';

/** Parts of a task's life, each with rounds of its own; also the beginning of the names of its slices. */
export const phaseSchema = z.enum(['people', 'export', 'inventory', 'recheck', 'clear', 'erase', 'prove', 'package']);
export type Phase = z.infer<typeof phaseSchema>;

/** The phase that a run, or a lane of it, has just been through; `lanes`: all lanes have come to their ends. */
export const doneSchema = z.object({
  phase: z.union([phaseSchema, z.literal('lanes')]),
  stage: z.number().int().nonnegative(),
});
export type Done = z.infer<typeof doneSchema>;

/*
 * What crosses the durable border is a tagged value, decoded again on the other side: an orchestrator's input, an activity's input and
 * its result.
 */
export const runInputSchema = z.object({ requestId: requestIdSchema, run: z.number().int().positive() });

/** `round`: number of the next round; it goes on counting over generations. */
export const taskInputSchema = runInputSchema.extend({
  taskId: taskIdSchema,
  phase: phaseSchema,
  round: z.number().int().positive(),
});
export type TaskInput = z.infer<typeof taskInputSchema>;

/** A lane works on one target's stages, beside the others: what holds up one target holds up no other. */
export const laneInputSchema = runInputSchema.extend({ lane: z.string().min(1) });

export const advanceInputSchema = runInputSchema.extend({
  done: doneSchema.optional(),
  lane: z.string().min(1).optional(),
});
export type AdvanceInput = z.infer<typeof advanceInputSchema>;

/** What a run or a lane does next: work on tasks, open lanes (by the names of their targets), or stop. */
export const nextSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tasks'),
    phase: phaseSchema,
    stage: z.number().int().nonnegative(),
    taskIds: z.array(taskIdSchema),
  }),
  z.object({
    kind: z.literal('lanes'),
    revision: z.number().int().positive(),
    lanes: z.array(z.string().min(1)).min(1),
  }),
  z.object({ kind: z.literal('stop'), why: z.string() }),
]);
export type Next = z.infer<typeof nextSchema>;

export const openRoundInputSchema = taskInputSchema.omit({ round: true }).extend({ instanceId: z.string().min(1) });
export type OpenRoundInput = z.infer<typeof openRoundInputSchema>;

/** What a round is to wait for; or that the phase is done; or that this run is stale. */
export const openedRoundSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('waiting'), sliceIds: z.array(sliceIdSchema), waitSeconds: z.number().positive() }),
  z.object({ kind: z.literal('finished') }),
  z.object({ kind: z.literal('stopped') }),
]);
export type OpenedRound = z.infer<typeof openedRoundSchema>;
