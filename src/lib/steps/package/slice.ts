import type { Content, ResultLine } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import type { SliceRef } from '../../store/slices.ts';
import { pageText } from '../report/page.ts';
import { pagesOf } from '../report/pages.ts';
import type { SealContext } from '../slice/context.ts';
import { type PackageEntry, textEntry } from './entry.ts';
import { contentPath, documentsPath, ledgerPath, reportPath } from './paths.ts';
import type { PackedResult } from './results.ts';

/** A result that goes into the package. */
export interface PackedSlice {
  readonly task: Task;
  readonly ref: SliceRef;
  readonly result: PackedResult;
}

/** The files of one result: its documents, its ledger, its pages of the report, then its contents in the ledger's order. */
export async function entriesOfSlice(deps: SealContext['deps'], slice: PackedSlice): Promise<PackageEntry[]> {
  const { task, ref, result } = slice;
  const ordinal = result.before + 1;
  // All of a result was in memory when it was written: once more, and it is read once to be measured.
  const lines: ResultLine[] = [];
  for await (const line of deps.slices.lines(ref)) lines.push(line);
  const texts = [
    await measured(slice, { deps, lines }, { path: documentsPath(task, ordinal), text: documentsText }),
    await measured(slice, { deps, lines }, { path: ledgerPath(task, ordinal), text: (from) => ledgerText(task, from) }),
  ].filter((entry) => entry.bytes > 0);
  for (let part = 0; part < pagesOf(result.counts); part += 1) {
    const path = reportPath(task, result.pagesBefore + part + 1);
    const text: Text = (from) => pageText({ task, result, part }, from);
    texts.push(await measured(slice, { deps, lines }, { path, text }));
  }
  const contents = lines.flatMap((line) => (line.line === 'item' ? (line.contents ?? []) : []));
  return [...texts, ...contents.map((content) => contentEntry(deps, task, content))];
}

type Text = (lines: AsyncIterable<ResultLine>) => AsyncIterable<string>;

/** Measured now, made again from storage when it is packed: the entry must not hold on to the lines. */
function measured(
  { ref }: PackedSlice,
  { deps, lines }: { deps: SealContext['deps']; lines: readonly ResultLine[] },
  { path, text }: { path: string; text: Text },
): Promise<PackageEntry> {
  return textEntry(path, () => text(deps.slices.lines(ref)), text(again(lines)));
}

async function* again(lines: readonly ResultLine[]): AsyncGenerator<ResultLine> {
  yield* lines;
}

async function* textOf(lines: AsyncIterable<ResultLine>, pick: (line: ResultLine) => unknown): AsyncGenerator<string> {
  for await (const line of lines) {
    const picked = pick(line);
    if (picked !== undefined) yield `${JSON.stringify(picked)}\n`;
  }
}

const documentsText: Text = (lines) => textOf(lines, (line) => (line.line === 'document' ? line : undefined));
const ledgerText = (task: Task, lines: AsyncIterable<ResultLine>): AsyncIterable<string> =>
  textOf(lines, (line) => accountOf(task, line));

/** A line of the ledger for readers of the package: where a content lies in the package, not where it lies in storage. */
function accountOf(task: Task, line: ResultLine): unknown {
  if (line.line === 'gap') return line;
  if (line.line !== 'item') return undefined;
  const contents = line.contents?.map((content) => {
    const { bytes, sha256, contentType } = content;
    return { path: contentPath(task, content), bytes, sha256, contentType };
  });
  return { ...line, ...(contents && { contents }) };
}

const contentEntry = (deps: SealContext['deps'], task: Task, content: Content): PackageEntry => ({
  path: contentPath(task, content),
  bytes: content.bytes,
  sha256: content.sha256,
  stored: true,
  open: () => deps.contents.read(content.blob),
});
