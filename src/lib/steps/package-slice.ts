import type { Content, ResultLine } from '../domain/ledger.ts';
import type { Task } from '../domain/plan.ts';
import type { SliceRef } from '../store/slices.ts';
import { type PackageEntry, textEntry } from './package-entry.ts';
import { contentPath, documentsPath, ledgerPath, reportPath } from './package-paths.ts';
import type { PackedResult } from './package-results.ts';
import { pageText } from './report-page.ts';
import { pagesOf } from './report-pages.ts';
import type { SealContext } from './slice-context.ts';

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
  const read = (pick: (line: ResultLine) => unknown) => () => textOf(deps.slices.lines(ref), pick);
  const contents: Content[] = [];
  for await (const line of deps.slices.lines(ref)) {
    if (line.line === 'item') contents.push(...(line.contents ?? []));
  }
  const documents = await textEntry(documentsPath(task, ordinal), read(documentOf));
  const ledger = await textEntry(
    ledgerPath(task, ordinal),
    read((line) => accountOf(task, line)),
  );
  const texts = [documents, ledger].filter((entry) => entry.bytes > 0);
  return [
    ...texts,
    ...(await pageEntries(deps, slice)),
    ...contents.map((content) => contentEntry(deps, task, content)),
  ];
}

async function pageEntries(deps: SealContext['deps'], { task, ref, result }: PackedSlice): Promise<PackageEntry[]> {
  const entries: PackageEntry[] = [];
  for (let part = 0; part < pagesOf(result.counts); part += 1) {
    const text = () => pageText({ task, result, part }, deps.slices.lines(ref));
    entries.push(await textEntry(reportPath(task, result.pagesBefore + part + 1), text));
  }
  return entries;
}

async function* textOf(lines: AsyncIterable<ResultLine>, pick: (line: ResultLine) => unknown): AsyncGenerator<string> {
  for await (const line of lines) {
    const picked = pick(line);
    if (picked !== undefined) yield `${JSON.stringify(picked)}\n`;
  }
}

const documentOf = (line: ResultLine): unknown => (line.line === 'document' ? line : undefined);

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
