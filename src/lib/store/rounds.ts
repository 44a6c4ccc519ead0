import { z } from 'zod';
import { type RequestId, sliceIdSchema, type TaskId } from '../domain/ids.ts';
import { countsSchema } from '../domain/ledger.ts';
import { readJson, writeText } from './blobs.ts';
import { taskFolder } from './names.ts';
import type { Storage } from './storage.ts';

const moment = z.iso.datetime();

/**
 * Whom a slice tells that it is done, and when each slice was sent to the queue. `handed`: the one whose message was left to the host,
 * which sends it once the round is opened.
 */
export const roundSchema = z.object({
  v: z.literal(1),
  instanceId: z.string().min(1),
  inFlight: z.record(sliceIdSchema, moment),
  /** Since when the task is in that phase; rounds of older versions don't say. */
  began: z.object({ phase: z.string(), at: moment }).optional(),
  handed: sliceIdSchema.optional(),
});
export type Round = z.infer<typeof roundSchema>;

/** Where a task stands, written by its rounds, so that nobody who asks has to count. */
export const progressSchema = z.object({
  v: z.literal(1),
  phase: z.string(),
  counts: countsSchema,
  open: z.number().int().nonnegative(),
  moreOpen: z.boolean(),
  updatedAt: moment,
  finished: z.boolean(),
});
export type Progress = z.infer<typeof progressSchema>;

export interface RoundStore {
  readRound(requestId: RequestId, taskId: TaskId): Promise<Round | undefined>;
  writeRound(requestId: RequestId, taskId: TaskId, round: Round): Promise<void>;
  readProgress(requestId: RequestId, taskId: TaskId): Promise<Progress | undefined>;
  writeProgress(requestId: RequestId, taskId: TaskId, progress: Progress): Promise<void>;
}

/** Rounds run one after another: the last one to write is the one that counts. */
export function roundStore({ container }: Storage): RoundStore {
  const roundName = (requestId: RequestId, taskId: TaskId) => `${taskFolder(requestId, taskId)}/round.json`;
  const progressName = (requestId: RequestId, taskId: TaskId) => `${taskFolder(requestId, taskId)}/progress.json`;
  const write = async (name: string, value: Round | Progress) => {
    await writeText(container, name, { text: JSON.stringify(value) });
  };
  return {
    readRound: (requestId, taskId) => readJson(container, roundName(requestId, taskId), roundSchema),
    writeRound: (requestId, taskId, round) => write(roundName(requestId, taskId), round),
    readProgress: (requestId, taskId) => readJson(container, progressName(requestId, taskId), progressSchema),
    writeProgress: (requestId, taskId, progress) => write(progressName(requestId, taskId), progress),
  };
}
