import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type RequestId, type SliceId, sliceIdSchema, type TaskId } from '../domain/ids.ts';
import { type ChildSlice, type SliceWork, sliceWorkSchema } from '../domain/slice.ts';
import { parseStored, readText, remove, stat, writeText } from './blobs.ts';
import { conditionally, deadline } from './conditions.ts';
import { firstOf } from './listing.ts';
import { openFolder, openName, type SliceRef } from './names.ts';
import type { Storage } from './storage.ts';

const moment = z.iso.datetime();
const factsSchema = z.object({
  attempts: z.number().int().nonnegative(),
  startedAt: moment.optional(),
  notBefore: moment.optional(),
  waitingSince: moment.optional(),
  pausedSince: moment.optional(),
  marked: z.boolean().optional(),
  errors: z.array(z.string()).optional(),
  carried: z.object({ run: z.number().int().positive(), by: sliceIdSchema, since: moment }).optional(),
});

/** What is known of a slice that is still to be done. It lies in the blob's metadata, so that one list shows it for all. */
export interface OpenFacts {
  /** Attempts that have started. */
  readonly attempts: number;
  readonly startedAt?: string;
  readonly notBefore?: string;
  readonly waitingSince?: string;
  /** Since when it has waited for its target, which is paused for all. */
  readonly pausedSince?: string;
  /** A destructive call may have been made. */
  readonly marked?: boolean;
  /** How attempts ended that threw, the last ones, in fixed words. An attempt whose process died leaves none. */
  readonly errors?: readonly string[];
  /** A message is under way that works on it, and no round sends another: that of the slice `by`, of that run. */
  readonly carried?: { readonly run: number; readonly by: SliceId; readonly since: string };
}

/** A slice as it is written down; without facts nobody has worked on it. */
export interface NewSlice extends ChildSlice {
  readonly facts?: OpenFacts;
}

export interface OpenSlice {
  readonly work: SliceWork;
  readonly facts: OpenFacts;
  readonly etag: string;
}

/** Writes down a slice to be done. Its ETag, or undefined for one that is there already: that keeps its facts. */
export async function openSlice(storage: Storage, ref: SliceRef, child: NewSlice): Promise<string | undefined> {
  const facts: OpenFacts = child.facts ?? { attempts: 0, ...(child.notBefore && { notBefore: child.notBefore }) };
  const written = await writeText(storage.container, openName(ref), {
    text: JSON.stringify(child.work),
    options: { onlyIf: 'absent', metadata: metadataOf(facts) },
  });
  return written.kind === 'written' ? written.etag : undefined;
}

export async function readOpenSlice(storage: Storage, ref: SliceRef): Promise<OpenSlice | undefined> {
  const name = openName(ref);
  const stored = await readText(storage.container, name);
  if (!stored) return undefined;
  return {
    work: parseStored(name, stored.text, sliceWorkSchema),
    facts: factsOf(name, stored.metadata),
    etag: stored.etag,
  };
}

/** Replaces the facts of that very version. The new ETag, or undefined when someone else was faster or the slice is gone. */
export async function noteOpenSlice(
  storage: Storage,
  ref: SliceRef,
  note: { facts: OpenFacts; etag: string },
): Promise<string | undefined> {
  const blob = storage.container.getBlobClient(openName(ref));
  const metadata = metadataOf(note.facts);
  const answer = await conditionally('note on slice', blob.name, () =>
    blob.setMetadata(metadata, { abortSignal: deadline(), conditions: { ifMatch: note.etag } }),
  );
  if (typeof answer !== 'string') return answer.etag;
  // The answer to a try that succeeded may have been lost, and the client's own retry refused.
  const stored = await stat(blob);
  return stored?.metadata.writer === metadata.writer ? stored?.etag : undefined;
}

/** Deletes an open slice; one that is gone already is fine. */
export async function closeSlice(storage: Storage, ref: SliceRef): Promise<void> {
  await remove(storage.container, openName(ref));
}

/** The first open slices of a task in order of name, with one list call. */
export async function listOpenSlices(
  storage: Storage,
  task: { requestId: RequestId; taskId: TaskId },
  limit: number,
): Promise<{ slices: { sliceId: SliceId; facts: OpenFacts }[]; more: boolean }> {
  const folder = openFolder(task.requestId, task.taskId);
  const page = await firstOf(storage.container, folder, limit);
  const slices = page.blobs.map(({ name, metadata }) => ({
    sliceId: sliceIdSchema.parse(name.slice(folder.length, -'.json'.length)),
    facts: factsOf(name, metadata),
  }));
  return { slices, more: page.marker !== undefined };
}

const metadataOf = (facts: OpenFacts): Record<string, string> => ({
  facts: JSON.stringify(facts),
  writer: randomUUID(),
});

/** Members that are absent stay absent, as the type says. */
function factsOf(name: string, metadata: Readonly<Record<string, string>>): OpenFacts {
  const parsed = parseStored(name, metadata.facts ?? '', factsSchema);
  return {
    attempts: parsed.attempts,
    ...(parsed.startedAt && { startedAt: parsed.startedAt }),
    ...(parsed.notBefore && { notBefore: parsed.notBefore }),
    ...(parsed.waitingSince && { waitingSince: parsed.waitingSince }),
    ...(parsed.pausedSince && { pausedSince: parsed.pausedSince }),
    ...(parsed.marked !== undefined && { marked: parsed.marked }),
    ...(parsed.errors && { errors: parsed.errors }),
    ...(parsed.carried && { carried: parsed.carried }),
  };
}
