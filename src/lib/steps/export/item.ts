import type { Part } from '../../catalog/family.ts';
import { isInferred } from '../../catalog/operation.ts';
import type { Content, DocumentLine, ItemLine } from '../../domain/ledger.ts';
import { identifiersOf, namedIn } from '../../plan/persons.ts';
import { identityOf } from '../../plan/places.ts';
import type { SliceContext } from '../slice/context.ts';
import { onlyMentions, takesEverybodys } from '../slice/other-people.ts';
import type { Taken, Taking } from '../slice/take-items.ts';
import { type Item, sharedGround, sharedWith } from '../slice/visit.ts';
import { saveBytes } from './bytes.ts';
import { leadingToBytes } from './named-content.ts';
import { readItem, readPart } from './parts.ts';
import { looksForPersons, whoseIs } from './whose.ts';

/** Exports items: their documents, parts and bytes. In subject scope only those that name the person. */
export const exporting = (context: SliceContext): Taking => ({
  width: needsCalls(context) ? context.deps.limits.sliceDownloads : Number.MAX_SAFE_INTEGER,
  async take(listed) {
    if (context.record.submission.scope !== 'subject') return exportItem(context, listed);
    const whose = await whoseIs(context, listed);
    if (whose.kind === 'busy') return whose;
    const others = sharedWith(context, listed);
    if (whose.subject) return others > 0 ? kept(listed, sharedGround(others)) : exportItem(context, whose.item);
    return whose.unread === undefined ? { kind: 'skipped' } : refused(listed, whose.unread);
  },
  giveUp: (item, reason) => withheld(context, item, reason),
});

const unsaved =
  (outcome: 'kept' | 'refused') =>
  ({ key }: Item, reason: string): Taken => ({
    kind: 'lines',
    lines: [{ line: 'item', key, outcome, reason }],
    extra: { found: 1 },
  });
const kept = unsaved('kept');
const refused = unsaved('refused');

/** What the list says of an item is kept where everybody's is wanted, though the item itself was withheld. */
function withheld(context: SliceContext, item: Item, reason: string): Taken {
  const line = refused(item, reason);
  if (context.record.submission.scope === 'subject' || line.kind !== 'lines') return line;
  return { ...line, lines: [documentLine(context, item, {}), ...line.lines] };
}

const needsCalls = (context: SliceContext): boolean =>
  (context.family.bytes ?? []).length > 0 ||
  (context.family.parts ?? []).length > 0 ||
  context.family.readEach !== undefined ||
  looksForPersons(context);

type Noted = Extract<Taken, { kind: 'lines' }>;

interface Failure {
  readonly outcome: 'absent' | 'refused';
  readonly reason: string;
}

/** The item's document, its parts and its bytes; or the time at which to ask again. */
async function exportItem(context: SliceContext, listed: Item): Promise<Taken> {
  const failures: Failure[] = [];
  const contents: Content[] = [];
  const read = await readItem(context, listed);
  if (read.kind === 'busy') return read;
  if (read.kind === 'failed') failures.push(read);
  const item = read.kind === 'ok' ? read.item : listed;
  const documents = [documentLine(context, item, {}), ...insteadOf(context, item, { part: 'read', ...item })];
  for (const part of context.family.parts ?? []) {
    const found = await readPart(context, part, item);
    if (found.kind === 'busy') return found;
    if (found.kind === 'ok') documents.push(partLine(context, item, { part, value: found.value }));
    if (found.kind === 'refused') failures.push({ outcome: 'refused', reason: `${part.part}: ${found.reason}` });
  }
  for await (const found of leadingToBytes(context, item)) {
    const saved = found.kind === 'source' ? await saveBytes(context, found.source, found.item) : found;
    if (saved.kind === 'busy') return saved;
    if (saved.kind === 'ok') contents.push(saved.value);
    if (saved.kind !== 'failed') continue;
    failures.push(saved);
    documents.push(...insteadOf(context, item, { part: 'link', ...saved }));
  }
  const lines = [...documents, itemLine(item.key, contents, failures)];
  return { kind: 'lines', lines, extra: { found: 1 }, ...othersIn(context, item) };
}

/** Whom the document mentions besides the subject, where everybody's is exported and nobody was looked for before. */
function othersIn({ family, record: { submission } }: SliceContext, { document }: Item): Pick<Noted, 'others'> {
  if (!takesEverybodys(submission) || !onlyMentions(family)) return {};
  return { others: namedIn(document, family.persons ?? {}, identifiersOf(submission.subject)).others };
}

const ODD = 'unexpected-shape';

/** An answer of another shape than was inferred is kept whole and flagged, beside the item's document. */
const insteadOf = (
  context: SliceContext,
  item: Item,
  { part, instead }: { part: string; instead?: { readonly value: unknown } },
): DocumentLine[] =>
  instead ? [documentLine(context, { ...item, document: instead.value, flags: [...item.flags, ODD] }, { part })] : [];

function partLine(context: SliceContext, item: Item, { part, value }: { part: Part; value: unknown }): DocumentLine {
  const isOdd = isInferred(part.read) && identityOf(context.family.identity, value) === undefined;
  const flags = isOdd ? [...item.flags, ODD] : item.flags;
  return documentLine(context, { ...item, document: value, flags }, { part: part.part });
}

const documentLine = (context: SliceContext, item: Item, more: { part?: string }): DocumentLine => ({
  line: 'document',
  key: item.key,
  ...more,
  ...(item.flags.length > 0 ? { flags: [...item.flags] } : {}),
  document: context.deps.mask(context.family.family, item.document),
});

/** An item is saved only when all of it is: its document alone isn't the item. */
function itemLine(key: string, contents: Content[], failures: readonly Failure[]): ItemLine {
  const worst = failures.find((failure) => failure.outcome === 'refused') ?? failures[0];
  const held = contents.length > 0 ? { contents } : {};
  return worst
    ? { line: 'item', key, outcome: worst.outcome, reason: worst.reason, ...held }
    : { line: 'item', key, outcome: 'saved', ...held };
}
