import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';

/** Random, so that it tells nothing about a person: the only thing that messages, instance ids, blob names and logs may carry. */
export type RequestId = string & { readonly __brand: 'RequestId' };
/** One family on one target in one revision of the plan, for example `1-03`. */
export type TaskId = string & { readonly __brand: 'TaskId' };
/** A bounded piece of a task, for example `erase-5f0c…`. */
export type SliceId = string & { readonly __brand: 'SliceId' };

const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TASK_ID = /^(?:[1-9][0-9]{0,2}-[0-9]{2,4}|seal(?:-(?:[2-9]|[1-9][0-9]))?)$/;
const SLICE_ID = /^[a-z]+-(?:root|[0-9a-f]{24})$/;

const isRequestId = (text: string): text is RequestId => REQUEST_ID.test(text);
const isTaskId = (text: string): text is TaskId => TASK_ID.test(text);
const isSliceId = (text: string): text is SliceId => SLICE_ID.test(text);

export const requestIdSchema = z
  .string()
  .refine(isRequestId, 'must be a lower-case UUID version 4')
  .meta({ format: 'uuid', pattern: REQUEST_ID.source });
export const taskIdSchema = z.string().refine(isTaskId, 'must look like 1-03, or be "seal" or "seal-2"');
export const sliceIdSchema = z.string().refine(isSliceId, 'must look like walk-root or walk- and 24 hex digits');

export const mintRequestId = (): RequestId => requestIdSchema.parse(randomUUID());

/** The task that packs a request; it belongs to no family. @param edition of the package, from 1. */
export const sealTask = (edition: number): TaskId => taskIdSchema.parse(edition === 1 ? 'seal' : `seal-${edition}`);
/** That of the first package. */
export const SEAL_TASK: TaskId = sealTask(1);
export const isSealTask = (taskId: TaskId): boolean => taskId.startsWith('seal');

/** @param revision of the plan, from 1. @param index of the task within it, from 0. */
export const mintTaskId = (revision: number, index: number): TaskId =>
  taskIdSchema.parse(`${revision}-${String(index).padStart(2, '0')}`);

/** The slice with which a phase of a task begins. */
export const rootSliceId = (phase: string): SliceId => sliceIdSchema.parse(`${phase}-root`);

/** Whether a slice belongs to a phase: what stands before the dash in its id says so. */
export const isOfPhase = (sliceId: SliceId, phase: string): boolean => sliceId.startsWith(`${phase}-`);

/**
 * A slice found on the way gets a name that follows from its parent and its place there: whoever finds it again, finds it under the
 * same name. The length stays the same however deep the chain is.
 */
export function childSliceId(phase: string, parent: SliceId, place: number | string): SliceId {
  const digest = createHash('sha256').update(`${parent}/${place}`).digest('hex').slice(0, 24);
  return sliceIdSchema.parse(`${phase}-${digest}`);
}

/** Durable instance of run n: disposable; the record decides what it may do. */
export const runInstanceId = (requestId: RequestId, run: number): string => `${requestId}.${run}`;

/** The event with which a slice tells its round that it is done. */
export const sliceEvent = (sliceId: SliceId): string => `slice-${sliceId}`;
