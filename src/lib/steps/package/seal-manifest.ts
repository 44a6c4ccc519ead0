import { editionOf, manifestName, packageEdition } from '../../domain/edition.ts';
import { rootSliceId, type SliceId } from '../../domain/ids.ts';
import type { EntryLine, ResultLine, VolumeLine } from '../../domain/ledger.ts';
import type { SliceHeader, WorkOf } from '../../domain/slice.ts';
import type { SealContext, SliceOutcome } from '../slice/context.ts';
import { SliceResult } from '../slice/result.ts';
import { manifestText } from './manifest-text.ts';

/** Writes `manifest.json` over all volumes from what their slices wrote down. @throws Error when one of them is missing. */
export async function sealManifest(context: SealContext, work: WorkOf<'manifest'>): Promise<SliceOutcome> {
  const { deps, record } = context;
  const { requestId } = record;
  const { action } = record.submission;
  // The time of no attempt in particular: every attempt writes the same text.
  const head = { v: 1 as const, requestId, action, createdAt: record.stateSince };
  const text = manifestText(head, volumeLines(context, work.volumes));
  const name = manifestName(packageEdition(record, editionOf(record)));
  await deps.documents.save({ requestId, name }, encoded(text), 'application/json; charset=utf-8');
  return { kind: 'done', result: new SliceResult(), children: [] };
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const part of text) yield Buffer.from(part);
}

/** Lines of the volumes in order: each volume's slice names the next one's. */
async function* volumeLines({ deps, ref }: SealContext, volumes: number): AsyncGenerator<VolumeLine | EntryLine> {
  let sliceId: SliceId = rootSliceId('package');
  for (let number = 1; number <= volumes; number += 1) {
    const slice = { ...ref, sliceId };
    yield* packageLines(deps.slices.lines(slice));
    const header: SliceHeader | undefined = await deps.slices.readHeader(slice);
    const next: SliceId | undefined = header?.children[0]?.sliceId;
    if (next === undefined) throw new Error(`Volume ${number} of ${volumes} was written by no slice.`);
    sliceId = next;
  }
}

async function* packageLines(lines: AsyncIterable<ResultLine>): AsyncGenerator<VolumeLine | EntryLine> {
  for await (const line of lines) {
    if (line.line === 'volume' || line.line === 'entry') yield line;
  }
}
