import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { childSliceId, mintTaskId, type RequestId, rootSliceId, SEAL_TASK } from '../../../../src/lib/domain/ids.ts';
import type { ItemLine, ResultLine } from '../../../../src/lib/domain/ledger.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import type { ChildSlice } from '../../../../src/lib/domain/slice.ts';
import { seal } from '../../../../src/lib/steps/receipt/seal.ts';
import type { SealContext, SliceOutcome } from '../../../../src/lib/steps/slice/context.ts';
import { SliceResult } from '../../../../src/lib/steps/slice/result.ts';
import { contentStore } from '../../../../src/lib/store/contents.ts';
import { documentStore } from '../../../../src/lib/store/documents.ts';
import { sliceStore } from '../../../../src/lib/store/slices.ts';
import type { Storage } from '../../../../src/lib/store/storage.ts';

export type SealDependencies = SealContext['deps'];

/** Settings of a slice play no part in sealing, but for the size of a volume. */
export const limitsWith = (volumeBytes: number): SealDependencies['limits'] => ({
  sliceItems: 100,
  sliceDocumentBytes: 1_000_000,
  sliceSeconds: 60,
  carrySeconds: 60,
  sliceDownloads: 4,
  sliceAttempts: 5,
  roundSlices: 100,
  roundSeconds: 60,
  resendSeconds: 600,
  patienceSeconds: 600,
  proofSeconds: 600,
  pauseSeconds: 1,
  volumeBytes,
  decisionDays: 1,
  requestDays: 1,
  replans: 3,
  regulation: 'gdpr',
  warnDays: [14, 7, 3, 1],
  remindDays: [],
  runAttempts: 3,
  breaker: { firstSeconds: 30, ceilingSeconds: 600 },
  downloadDays: 100_000,
});

export const sealDependencies = (storage: Storage, volumeBytes = 1_000_000_000): SealDependencies => ({
  slices: sliceStore(storage),
  contents: contentStore(storage),
  documents: documentStore(storage),
  limits: limitsWith(volumeBytes),
});

export interface MadeItem {
  readonly key: string;
  readonly document?: unknown;
  readonly bytes?: Buffer;
  readonly contentType?: string;
}

/** Two families of one target, their tasks written down. */
export const FAMILIES = ['cv-projects', 'cv-images'] as const;
export const taskOf = (index: number) => mintTaskId(1, index);

export async function writeTasks(deps: SealDependencies, requestId: RequestId): Promise<void> {
  const tasks = FAMILIES.map((family, index) => ({
    taskId: taskOf(index),
    family,
    target: 'vision',
    stage: 0,
    way: 'call' as const,
  }));
  await deps.documents.writeTasks(requestId, { v: 1, revision: 1, tasks });
}

/** Writes the result of one exporting slice as the walk writes it: bytes first, then documents and final lines. */
export async function writeSlice(
  deps: SealDependencies,
  at: { requestId: RequestId; task: number; slice: number; more?: readonly ResultLine[] },
  items: readonly MadeItem[],
): Promise<void> {
  const { requestId } = at;
  const taskId = taskOf(at.task);
  const result = new SliceResult();
  for (const { key, document, bytes, contentType = 'image/png' } of items) {
    if (document !== undefined) result.add({ line: 'document', key, document });
    const place = { requestId, taskId, key: `${key}#originalImageUri` };
    const contents = bytes && { contents: [await deps.contents.save(place, [bytes], contentType)] };
    const line: ItemLine = { line: 'item', key, outcome: 'saved', ...contents };
    result.add(line, { found: 1 });
  }
  for (const line of at.more ?? []) result.add(line, line.line === 'item' ? { found: 1 } : {});
  const sliceId = childSliceId('export', rootSliceId('export'), at.slice);
  await deps.slices.commit({ requestId, taskId, sliceId }, result.header(sliceId, 'walk', []), result.lines);
}

const ROOT: ChildSlice = { sliceId: rootSliceId('package'), work: { kind: 'volume', number: 1, task: 0 } };

/** One attempt at one slice of the seal task; undefined when there is nothing to do after it. */
export async function sealSlice(
  deps: SealDependencies,
  record: RequestRecord,
  { sliceId, work }: ChildSlice = ROOT,
): Promise<{ outcome: Extract<SliceOutcome, { kind: 'done' }>; commit(): Promise<ChildSlice | undefined> }> {
  if (work.kind !== 'volume' && work.kind !== 'manifest') throw new Error(`Not a part of a package: ${work.kind}`);
  const ref = { requestId: record.requestId, taskId: SEAL_TASK, sliceId };
  const outcome = await seal({ deps, ref, record }, work);
  if (outcome.kind !== 'done') throw new Error('Sealing never waits.');
  const { result, children } = outcome;
  return {
    outcome,
    async commit() {
      await deps.slices.commit(ref, result.header(sliceId, work.kind, children), result.lines);
      return children[0];
    },
  };
}

/** Seals a request to its end. */
export async function sealAll(deps: SealDependencies, record: RequestRecord, from?: ChildSlice): Promise<void> {
  let next: ChildSlice | undefined = from ?? ROOT;
  while (next) next = await (await sealSlice(deps, record, next)).commit();
}

/** The package as a portal would have it on its disk. */
export async function downloadPackage(deps: SealDependencies, requestId: RequestId) {
  const folder = await mkdtemp(join(tmpdir(), 'dsr-package-'));
  const volumes = await deps.documents.listVolumes(requestId, 1);
  for (const name of ['manifest.json', ...volumes.map((volume) => volume.name)]) {
    await writeFile(join(folder, name), await readDocument(deps, requestId, name));
  }
  return {
    folder,
    volumes: volumes.map((volume) => volume.name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function readDocument(deps: SealDependencies, requestId: RequestId, name: string): Promise<Buffer> {
  const known = name === 'manifest.json' ? name : (`package-${name.slice(8, -4)}.zip` as const);
  const opened = await deps.documents.open({ requestId, name: known });
  if (!opened) throw new Error(`${name} is not there.`);
  return buffer(opened.chunks);
}
