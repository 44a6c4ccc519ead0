import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { editionOf, packageEdition, volumeName } from '../../domain/edition.ts';
import { childSliceId } from '../../domain/ids.ts';
import { savingFirst, type Task } from '../../domain/plan.ts';
import type { WorkOf } from '../../domain/slice.ts';
import type { DocumentRef, StoredDocument } from '../../store/documents.ts';
import { indexText } from '../report/index.ts';
import type { SealContext, SliceOutcome } from '../slice/context.ts';
import { SliceResult } from '../slice/result.ts';
import { revisionOf } from '../tasks.ts';
import { cursorOf, workAt } from './cursor.ts';
import { textEntry } from './entry.ts';
import { type Piece, piecesFrom } from './pieces.ts';
import { VolumePlan } from './plan.ts';
import { readmeEntry } from './readme.ts';
import type { PackageSource } from './results.ts';
import { archiveComment, zipBytes } from './zip.ts';

/** Bounds what is in memory for one volume: paths, sizes and digests of its entries. */
const MOST_ENTRIES = 20_000;

/** An earlier attempt packed something else under this name: sizes or settings changed in between. */
export class VolumeMismatch extends Error {
  override readonly name = 'VolumeMismatch';
  readonly volume: string;

  constructor(volume: string) {
    super('A volume of the package does not hold what it should.');
    this.volume = volume;
  }
}

/**
 * Writes one package volume from the cursor on and says what is in it; leaves the next volume, or the manifest. Everything is read once:
 * what goes in is decided, measured and packed on the way. @throws EntryMismatch where a content is not what the ledger says, VolumeMismatch.
 */
export async function sealVolume(context: SealContext, work: WorkOf<'volume'>): Promise<SliceOutcome> {
  const { deps, record, ref } = context;
  const { requestId } = ref;
  const list = await deps.documents.readTasks(requestId, revisionOf(record));
  const source: PackageSource = { deps, requestId, tasks: packedTasks(list?.tasks ?? []) };
  const edition = packageEdition(record, editionOf(record));
  const document: DocumentRef = { requestId, name: volumeName(edition, work.number) };
  const limits = { bytes: deps.limits.volumeBytes, entries: MOST_ENTRIES };
  const decide = (plan: VolumePlan) => plan.decide(readmeEntry(requestId, edition), volumePieces(source, record, work));
  let plan = new VolumePlan(limits);
  const archive = zipBytes(decide(plan), new Date(record.submittedAt));
  const stored = await deps.documents.save(document, archive, 'application/zip');
  if (!plan.isDecided) {
    // An earlier attempt's archive is there: packing was broken off, and what is in it is still to be said.
    plan = new VolumePlan(limits);
    for await (const _ of decide(plan));
  }
  await check(deps, { document, stored, plan });
  // What is erased next is nowhere else.
  if (record.submission.exportFirst) await checkBytes(deps, document, stored);
  const next = plan.next
    ? workAt(work.number + 1, plan.next)
    : ({ kind: 'manifest', volumes: work.number } satisfies WorkOf<'manifest'>);
  const children = [{ sliceId: childSliceId('package', ref.sliceId, 'next'), work: next }];
  return { kind: 'done', result: resultOf(stored, plan), children };
}

/** The report's first page lies in the first volume: who opens no other still learns what there is. */
async function* volumePieces(
  source: PackageSource,
  record: SealContext['record'],
  work: WorkOf<'volume'>,
): AsyncGenerator<Piece> {
  const cursor = cursorOf(work);
  if (work.number === 1) yield { entry: await textEntry('report.html', () => indexText(source, record)), cursor };
  yield* piecesFrom(source, cursor);
}

function resultOf({ name, bytes, sha256 }: StoredDocument, { entries }: VolumePlan): SliceResult {
  const result = new SliceResult();
  result.add({ line: 'volume', name, bytes, sha256, entries: entries.length });
  for (const entry of entries) {
    result.add({ line: 'entry', volume: name, path: entry.path, bytes: entry.bytes, sha256: entry.sha256 });
  }
  return result;
}

/** Storage keeps the first archive that was written under a name: its last bytes must name the entries that are ours. */
async function check(
  deps: SealContext['deps'],
  { document, stored, plan }: { document: DocumentRef; stored: StoredDocument; plan: VolumePlan },
): Promise<void> {
  const comment = archiveComment(plan.entries);
  const end = await deps.documents.open(document, { offset: stored.bytes - comment.length, count: comment.length });
  if (!end || (await text(end.chunks)) !== comment) throw new VolumeMismatch(document.name);
}

/** The archive as it lies in storage now, read to its end, must be what the manifest will say of it. */
async function checkBytes(deps: SealContext['deps'], document: DocumentRef, stored: StoredDocument): Promise<void> {
  const opened = await deps.documents.open(document);
  const hash = createHash('sha256');
  for await (const chunk of opened?.chunks ?? []) hash.update(chunk);
  if (hash.digest('hex') !== stored.sha256) throw new VolumeMismatch(document.name);
}

/** Of a delete that exports first only the tasks that save are packed. */
function packedTasks(tasks: readonly Task[]): readonly Task[] {
  const saving = savingFirst(tasks);
  return saving.length > 0 ? saving : tasks;
}
