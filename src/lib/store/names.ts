import { createHash } from 'node:crypto';
import { type RequestId, requestIdSchema, type SliceId, type TaskId } from '../domain/ids.ts';

/** A piece of a task of a request. */
export interface SliceRef {
  readonly requestId: RequestId;
  readonly taskId: TaskId;
  readonly sliceId: SliceId;
}

/** Names of blobs: opaque ids only, never anything of a person or of an upstream path. */
export const requestFolder = (requestId: RequestId): string => `requests/${requestId}`;
export const recordName = (requestId: RequestId): string => `${requestFolder(requestId)}/record.json`;
export const journalName = (requestId: RequestId): string => `${requestFolder(requestId)}/journal.ndjson`;

export const taskFolder = (requestId: RequestId, taskId: TaskId): string =>
  `${requestFolder(requestId)}/tasks/${taskId}`;
export const openFolder = (requestId: RequestId, taskId: TaskId): string => `${taskFolder(requestId, taskId)}/open/`;
export const doneFolder = (requestId: RequestId, taskId: TaskId): string => `${taskFolder(requestId, taskId)}/done/`;
export const openName = (ref: SliceRef): string => `${openFolder(ref.requestId, ref.taskId)}${ref.sliceId}.json`;
export const doneName = (ref: SliceRef): string => `${doneFolder(ref.requestId, ref.taskId)}${ref.sliceId}.ndjson`;

/** Where one part of one item comes to lie. `key` names it within the task; it may quote upstream, so only its digest is used. */
export function contentName(place: { requestId: RequestId; taskId: TaskId; key: string }): string {
  const digest = createHash('sha256').update(place.key).digest('hex').slice(0, 32);
  return `${requestFolder(place.requestId)}/content/${place.taskId}/${digest}`;
}

const CONTENT_NAME = /^requests\/[0-9a-f-]{36}\/content\/[a-z0-9-]+\/[0-9a-f]{32}$/;
export const isContentName = (blob: string): boolean => CONTENT_NAME.test(blob);

/** The request in whose folder a blob lies, or that a marker's last part names. @throws when there is none. */
export const requestIdIn = (blob: string): RequestId =>
  requestIdSchema.parse(/(?:^requests\/|\/)([0-9a-f-]{36})(?:\/|$)/.exec(blob)?.[1]);

const TARGET = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Folder of a target. @throws TypeError for a name that no target can have. */
export function targetFolder(target: string): string {
  if (!TARGET.test(target)) throw new TypeError('not the name of a target');
  return `targets/${target}`;
}
