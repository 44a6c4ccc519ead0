import type { Content, ResultLine } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import type { SliceRef } from '../../store/slices.ts';
import { pageText } from '../report/page.ts';
import { pagesOf } from '../report/pages.ts';
import type { SealContext } from '../slice/context.ts';
import { heldEntry, type PackageEntry } from './entry.ts';
import { contentPath, documentsPath, ledgerPath, reportPath } from './paths.ts';
import type { PackedResult } from './results.ts';

/** A result that goes into the package. */
export interface PackedSlice {
  readonly task: Task;
  readonly ref: SliceRef;
  readonly result: PackedResult;
}

/**
 * The files of one result: its documents, its ledger, its pages of the report, then its contents in the ledger's order. All of a result was
 * in memory when it was written, and is once more until its texts are made.
 */
export async function* entriesOfSlice(deps: SealContext['deps'], slice: PackedSlice): AsyncGenerator<PackageEntry> {
  const contents = yield* textsOf(deps, slice);
  for (const content of contents) yield contentEntry(deps, slice.task, content);
}

/** Each text by itself, when it is asked for; then the contents that the ledger names. */
async function* textsOf(
  deps: SealContext['deps'],
  { task, ref, result }: PackedSlice,
): AsyncGenerator<PackageEntry, Content[]> {
  const lines: ResultLine[] = [];
  for await (const line of deps.slices.lines(ref)) lines.push(line);
  const ordinal = result.before + 1;
  const documents = heldEntry(documentsPath(task, ordinal), documentsText(lines));
  if (documents.bytes > 0) yield documents;
  const ledger = heldEntry(ledgerPath(task, ordinal), ledgerText(task, lines));
  if (ledger.bytes > 0) yield ledger;
  for (let part = 0; part < pagesOf(result.counts); part += 1) {
    const path = reportPath(task, result.pagesBefore + part + 1);
    yield heldEntry(path, pageText({ task, result, part }, lines));
  }
  return lines.flatMap((line) => (line.line === 'item' ? (line.contents ?? []) : []));
}

function* documentsText(lines: readonly ResultLine[]): Generator<string> {
  for (const line of lines) if (line.line === 'document') yield `${JSON.stringify(line)}\n`;
}

function* ledgerText(task: Task, lines: readonly ResultLine[]): Generator<string> {
  for (const line of lines) {
    const account = accountOf(task, line);
    if (account !== undefined) yield `${JSON.stringify(account)}\n`;
  }
}

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
