import type { Bytes, Part } from '../catalog/family.ts';
import type { RequestId, TaskId } from '../domain/ids.ts';
import type { Content, DocumentLine, ItemLine } from '../domain/ledger.ts';
import { DownloadBroken } from '../upstream/download.ts';
import { afterPause, patienceIsOver, type SliceContext } from './slice-context.ts';
import type { SliceResult } from './slice-result.ts';
import { type Item, isSpent } from './visit.ts';

interface Busy {
  readonly until: Date;
  readonly reason: string;
}

interface Exported {
  readonly documents: readonly DocumentLine[];
  readonly item: ItemLine;
}

/**
 * Exports items in order, some at the same time, until all are done, upstream says "later", or the budget is used. `count` items from
 * the start are done; what was downloaded beyond them is found again by the next slice.
 */
export async function exportItems(
  context: SliceContext,
  items: readonly Item[],
  result: SliceResult,
): Promise<{ count: number; busy?: Busy }> {
  const width = needsCalls(context) ? context.deps.limits.sliceDownloads : items.length;
  for (let from = 0; from < items.length; from += width) {
    if (from > 0 && isSpent(context, result)) return { count: from };
    const outcomes = await Promise.all(items.slice(from, from + width).map((item) => exportItem(context, item)));
    for (const [index, outcome] of outcomes.entries()) {
      if ('until' in outcome && !patienceIsOver(context, context.deps.limits.patienceSeconds)) {
        return { count: from + index, busy: outcome };
      }
      if ('until' in outcome) {
        const key = items[from + index]?.key ?? '';
        result.add({ line: 'item', key, outcome: 'refused', reason: outcome.reason }, { found: 1 });
        continue;
      }
      for (const document of outcome.documents) result.add(document);
      result.add(outcome.item, { found: 1 });
    }
  }
  return { count: items.length };
}

const needsCalls = (context: SliceContext): boolean =>
  (context.family.bytes ?? []).length > 0 || (context.family.parts ?? []).length > 0;

/** The item's document, its parts and its bytes; or the time at which to ask again. */
async function exportItem(context: SliceContext, item: Item): Promise<Exported | Busy> {
  const mask = context.deps.mask;
  const documents: DocumentLine[] = [{ line: 'document', key: item.key, document: mask(item.document) }];
  const failures: { outcome: 'absent' | 'refused'; reason: string }[] = [];
  const contents: Content[] = [];
  for (const part of context.family.parts ?? []) {
    const read = await readPart(context, part, item);
    if (read.kind === 'busy') return read;
    if (read.kind === 'ok')
      documents.push({ line: 'document', key: item.key, part: part.part, document: mask(read.value) });
    if (read.kind === 'refused') failures.push({ outcome: 'refused', reason: `${part.part}: ${read.reason}` });
  }
  for (const bytes of context.family.bytes ?? []) {
    const saved = await saveBytes(context, bytes, item);
    if (saved.kind === 'busy') return saved;
    if (saved.kind === 'ok') contents.push(saved.value);
    if (saved.kind === 'failed') failures.push(saved);
  }
  return { documents, item: itemLine(item.key, contents, failures) };
}

/** An item is saved only when all of it is: its document alone isn't the item. */
function itemLine(
  key: string,
  contents: Content[],
  failures: readonly { outcome: 'absent' | 'refused'; reason: string }[],
): ItemLine {
  const worst = failures.find((failure) => failure.outcome === 'refused') ?? failures[0];
  const held = contents.length > 0 ? { contents } : {};
  return worst
    ? { line: 'item', key, outcome: worst.outcome, reason: worst.reason, ...held }
    : { line: 'item', key, outcome: 'saved', ...held };
}

type PartRead =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'busy' } & Busy);

async function readPart(context: SliceContext, part: Part, item: Item): Promise<PartRead> {
  if (part.when && memberOf(item.document, part.when.member) !== part.when.is) return { kind: 'none' };
  const verdict = await context.deps.upstream.send(context.target, {
    operation: part.read,
    parameters: item.parameters,
  });
  switch (verdict.kind) {
    case 'ok':
    case 'busy':
      return verdict;
    case 'absent':
      return { kind: 'none' };
    case 'refused':
      return part.noneWhen.includes(verdict.code) ? { kind: 'none' } : verdict;
  }
}

type BytesSaved =
  | { readonly kind: 'ok'; readonly value: Content }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly outcome: 'absent' | 'refused'; readonly reason: string }
  | ({ readonly kind: 'busy' } & Busy);

async function saveBytes(context: SliceContext, bytes: Bytes, item: Item): Promise<BytesSaved> {
  if (bytes.when && memberOf(item.document, bytes.when.member) !== bytes.when.is) return { kind: 'none' };
  const link = memberOf(item.document, bytes.member);
  if (typeof link !== 'string' || link === '') {
    return { kind: 'failed', outcome: 'refused', reason: `The document has no "${bytes.member}".` };
  }
  const place = { requestId: context.ref.requestId, taskId: context.ref.taskId, key: `${item.key}#${bytes.member}` };
  // Only an earlier attempt can have left bytes behind; asking storage is cheaper than asking upstream.
  const again = context.facts.attempts > 1 || context.facts.waitingSince !== undefined;
  const earlier = again ? await context.deps.contents.find(place) : undefined;
  return earlier ? { kind: 'ok', value: earlier } : download(context, place, { link, contentType: bytes.contentType });
}

async function download(
  context: SliceContext,
  place: { requestId: RequestId; taskId: TaskId; key: string },
  wanted: { link: string; contentType: string },
): Promise<BytesSaved> {
  const verdict = await context.deps.upstream.download(context.target, wanted.link);
  switch (verdict.kind) {
    case 'busy':
      return verdict;
    case 'absent':
      return { kind: 'failed', outcome: 'absent', reason: 'Its bytes were gone when they were asked for.' };
    case 'refused':
      return { kind: 'failed', outcome: 'refused', reason: verdict.reason };
    case 'ok':
      break;
  }
  try {
    const contentType = verdict.value.contentType ?? wanted.contentType;
    return { kind: 'ok', value: await context.deps.contents.save(place, verdict.value.body, contentType) };
  } catch (error) {
    if (error instanceof DownloadBroken) return { kind: 'busy', until: afterPause(context), reason: error.message };
    throw error;
  }
}

function memberOf(document: unknown, name: string): unknown {
  if (document === null || typeof document !== 'object') return undefined;
  return new Map(Object.entries(document)).get(name);
}
