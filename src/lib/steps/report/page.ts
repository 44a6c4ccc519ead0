import { familyNamed } from '../../catalog/catalog.ts';
import { type DocumentLine, type GapLine, type ItemLine, type ResultLine, settled } from '../../domain/ledger.ts';
import { contentPath, documentsPath, type Owner, reportPath, within } from '../package/paths.ts';
import type { PackedResult } from '../package/results.ts';
import { gapMarkup, itemMarkup, type ReportFile } from './item.ts';
import { html, type Markup } from './markup.ts';
import { ITEMS_ON_PAGE, pagesOf } from './pages.ts';
import { closing, opening } from './shell.ts';

/** A page of the report: a part of one result, from 0. */
export interface ReportPage {
  readonly task: Owner;
  readonly result: PackedResult;
  readonly part: number;
}

/** The page piece by piece. `lines`: all of the result. */
export function* pageText(page: ReportPage, lines: Iterable<ResultLine>): Generator<string> {
  const { task, result, part } = page;
  const { title } = familyNamed(task.family);
  const number = result.pagesBefore + part + 1;
  const header = html`<p class="soft">In <bdi>${task.target}</bdi>, page ${number}</p>
<h1>${title}</h1>
${navigation(page)}`;
  yield opening(`${title} in ${task.target}, page ${number}`, header).text;
  const heading = result.counts.documents + settled(result.counts) > 0 ? html`<h2>What was found</h2>\n` : undefined;
  yield html`${heading}<div class="items">\n`.text;
  const parts = pagesOf(result.counts);
  let items = 0;
  const gaps: GapLine[] = [];
  for (const entry of grouped(lines)) {
    if ('line' in entry) {
      if (part === 0) gaps.push(entry);
      continue;
    }
    const isHere = Math.min(parts - 1, Math.floor(items / ITEMS_ON_PAGE)) === part;
    if (entry.account) items += 1;
    if (isHere) yield entryMarkup(task, result, entry).text;
  }
  yield html`</div>\n${gaps.length > 0 ? html`<h2>What could not be read</h2>\n${gaps.map(gapMarkup)}` : undefined}`
    .text;
  yield closing(navigation(page)).text;
}

function navigation({ task, result, part }: ReportPage): Markup {
  const number = result.pagesBefore + part + 1;
  const hasNext = !result.isLast || part + 1 < pagesOf(result.counts);
  const link = (page: number, text: string): Markup =>
    html`<li><a href="${within(task, reportPath(task, page))}">${text}</a></li>`;
  const previous = number > 1 ? link(number - 1, 'Previous page') : undefined;
  const next = hasNext ? link(number + 1, 'Next page') : undefined;
  return html`<nav aria-label="Pages"><ul><li><a href="../../report.html">Overview</a></li>${previous}${next}</ul></nav>`;
}

interface Entry {
  readonly key: string;
  readonly account?: ItemLine;
  readonly documents: readonly DocumentLine[];
}

/** Items with their documents, which stand before them; gaps as they are. */
function* grouped(lines: Iterable<ResultLine>): Generator<Entry | GapLine> {
  const documents: DocumentLine[] = [];
  const taken = (): DocumentLine[] => documents.splice(0);
  for (const line of lines) {
    if (line.line === 'gap') yield line;
    if (line.line !== 'document' && line.line !== 'item') continue;
    const [first] = documents;
    if (first && first.key !== line.key) yield { key: first.key, documents: taken() };
    if (line.line === 'document') documents.push(line);
    else yield { key: line.key, account: line, documents: taken() };
  }
  const [first] = documents;
  if (first) yield { key: first.key, documents };
}

function entryMarkup(task: Owner, result: PackedResult, entry: Entry): Markup {
  const files = (entry.account?.contents ?? []).map((content): ReportFile => {
    const { bytes, contentType } = content;
    return { path: within(task, contentPath(task, content)), bytes, contentType };
  });
  return itemMarkup({ ...entry, files, documentsFile: within(task, documentsPath(task, result.before + 1)) });
}
