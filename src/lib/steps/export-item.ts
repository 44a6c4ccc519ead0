import type { Content, DocumentLine, ItemLine } from '../domain/ledger.ts';
import { saveBytes } from './export-bytes.ts';
import { readItem, readPart } from './export-parts.ts';
import { patienceIsOver, type SliceContext } from './slice-context.ts';
import type { SliceResult } from './slice-result.ts';
import { type Busy, type Item, isSpent } from './visit.ts';

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
  (context.family.bytes ?? []).length > 0 ||
  (context.family.parts ?? []).length > 0 ||
  context.family.readEach !== undefined;

interface Failure {
  readonly outcome: 'absent' | 'refused';
  readonly reason: string;
}

/** The item's document, its parts and its bytes; or the time at which to ask again. */
async function exportItem(context: SliceContext, listed: Item): Promise<Exported | Busy> {
  const failures: Failure[] = [];
  const contents: Content[] = [];
  const read = await readItem(context, listed);
  if (read.kind === 'busy') return read;
  if (read.kind === 'failed') failures.push(read);
  const item = read.kind === 'ok' ? read.item : listed;
  const documents = [documentLine(context, item, {})];
  for (const part of context.family.parts ?? []) {
    const found = await readPart(context, part, item);
    if (found.kind === 'busy') return found;
    if (found.kind === 'ok')
      documents.push(documentLine(context, { ...item, document: found.value }, { part: part.part }));
    if (found.kind === 'refused') failures.push({ outcome: 'refused', reason: `${part.part}: ${found.reason}` });
  }
  for (const bytes of context.family.bytes ?? []) {
    const saved = await saveBytes(context, bytes, item);
    if (saved.kind === 'busy') return saved;
    if (saved.kind === 'ok') contents.push(saved.value);
    if (saved.kind === 'failed') failures.push(saved);
  }
  return { documents, item: itemLine(item.key, contents, failures) };
}

const documentLine = (context: SliceContext, item: Item, more: { part?: string }): DocumentLine => ({
  line: 'document',
  key: item.key,
  ...more,
  ...(item.flags.length > 0 ? { flags: [...item.flags] } : {}),
  document: context.deps.mask(item.document),
});

/** An item is saved only when all of it is: its document alone isn't the item. */
function itemLine(key: string, contents: Content[], failures: readonly Failure[]): ItemLine {
  const worst = failures.find((failure) => failure.outcome === 'refused') ?? failures[0];
  const held = contents.length > 0 ? { contents } : {};
  return worst
    ? { line: 'item', key, outcome: worst.outcome, reason: worst.reason, ...held }
    : { line: 'item', key, outcome: 'saved', ...held };
}
