import type { RequestId, SliceId, TaskId } from '../domain/ids.ts';
import type { Counts, ResultLine } from '../domain/ledger.ts';
import type { SliceHeader } from '../domain/slice.ts';
import {
  commitSlice,
  type DoneSlice,
  digestSlice,
  listDoneSlices,
  type ResultKeys,
  type ResultLines,
  readSliceHeader,
  readSliceLines,
  sumDoneSlices,
} from './done-slices.ts';
import type { SliceRef } from './names.ts';
import {
  closeSlice,
  listOpenSlices,
  type NewSlice,
  noteOpenSlice,
  type OpenFacts,
  type OpenSlice,
  openSlice,
  readOpenSlice,
} from './open-slices.ts';
import type { Storage } from './storage.ts';
import type { ContentFacts } from './upload.ts';

export type { DoneSlice } from './done-slices.ts';
export type { SliceRef } from './names.ts';
export type { NewSlice, OpenFacts, OpenSlice } from './open-slices.ts';

/** Slices of tasks: those to be done, and the results of those that are. */
export interface SliceStore {
  /** Writes down a slice to be done. Its ETag, or undefined for one that is there already: that keeps its facts. */
  open(requestId: RequestId, taskId: TaskId, child: NewSlice): Promise<string | undefined>;
  readOpen(ref: SliceRef): Promise<OpenSlice | undefined>;
  /** The new ETag, or undefined when someone else was faster or the slice is gone. */
  note(ref: SliceRef, facts: OpenFacts, etag: string): Promise<string | undefined>;
  close(ref: SliceRef): Promise<void>;
  listOpen(
    requestId: RequestId,
    taskId: TaskId,
    limit: number,
  ): Promise<{ slices: { sliceId: SliceId; facts: OpenFacts }[]; more: boolean }>;
  /** Once, by one writer. `lost`: another attempt's result is there and counts. */
  commit(ref: SliceRef, header: SliceHeader, lines: ResultLines): Promise<'committed' | 'lost'>;
  readHeader(ref: SliceRef): Promise<SliceHeader | undefined>;
  lines(ref: SliceRef): AsyncIterable<ResultLine>;
  /** Size and SHA-256 of a result as it lies in storage now, read to its end, and the keys in it. @throws UnreadableBlob when it isn't there. */
  digest(ref: SliceRef): Promise<ContentFacts & { keys: ResultKeys }>;
  /** A page may be empty and not the last: go by `marker`. */
  listDone(
    task: { requestId: RequestId; taskId: TaskId },
    phase: string,
    page: { limit: number; marker?: string | undefined },
  ): Promise<{ slices: DoneSlice[]; marker?: string }>;
  sumDone(requestId: RequestId, taskId: TaskId, phase?: string): Promise<Counts>;
}

/** Slices on blobs. */
export function sliceStore(storage: Storage): SliceStore {
  return {
    open: (requestId, taskId, child) => openSlice(storage, { requestId, taskId, sliceId: child.sliceId }, child),
    readOpen: (ref) => readOpenSlice(storage, ref),
    note: (ref, facts, etag) => noteOpenSlice(storage, ref, { facts, etag }),
    close: (ref) => closeSlice(storage, ref),
    listOpen: (requestId, taskId, limit) => listOpenSlices(storage, { requestId, taskId }, limit),
    commit: (ref, header, lines) => commitSlice(storage, ref, { header, lines }),
    readHeader: (ref) => readSliceHeader(storage, ref),
    lines: (ref) => readSliceLines(storage, ref),
    digest: (ref) => digestSlice(storage, ref),
    listDone: (task, phase, page) => listDoneSlices(storage, { ...task, phase }, page),
    sumDone: (requestId, taskId, phase) => sumDoneSlices(storage, { requestId, taskId, phase }),
  };
}
