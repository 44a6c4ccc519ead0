import { familyNamed } from '../../catalog/catalog.ts';
import { editionOf, manifestName } from '../../domain/edition.ts';
import { addCounts, type Counts, NO_COUNTS, settled } from '../../domain/ledger.ts';
import type { OtherPeople, Task } from '../../domain/plan.ts';
import type { RequestRecord } from '../../domain/request.ts';
import { searchOf } from '../../plan/searches.ts';
import { reportPath } from '../package/paths.ts';
import { type PackageSource, packedResults } from '../package/results.ts';
import { otherPeopleIn } from '../slice/other-people.ts';
import { html, type Markup } from './markup.ts';
import { pagesOf } from './pages.ts';
import { closing, opening } from './shell.ts';
import { countText, manyText, momentText, sizeText } from './words.ts';

interface Found {
  readonly task: Task;
  readonly counts: Counts;
  readonly others: OtherPeople | undefined;
}

/** The report's first page piece by piece: what was found where, and the way to every other page. Names nobody. */
export async function* indexText(source: PackageSource, record: RequestRecord): AsyncGenerator<string> {
  const { deps, requestId, tasks } = source;
  const all: Found[] = [];
  for (const task of tasks) {
    const counts = await deps.slices.sumDone(requestId, task.taskId);
    all.push({ task, counts, others: await otherPeopleIn(deps, record, task) });
  }
  const total = all.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS);
  yield opening('Data export', header(record, total)).text;
  for (const [index, target] of [...new Set(tasks.map((task) => task.target))].entries()) {
    const here = all.filter(({ task }) => task.target === target);
    const heading = `target-${index + 1}`;
    yield html`<section aria-labelledby="${heading}">\n<h2 id="${heading}">In <bdi>${target}</bdi></h2>\n`.text;
    yield table(target, here).text;
    yield html`${here.flatMap(othersMarkup)}${here.flatMap(missingMarkup)}${here.flatMap(({ task }) => unfoundMarkup(record, task))}`
      .text;
    for (const { task, counts } of here) yield* pageLinks(source, task, counts);
    yield '</section>\n';
  }
  if (tasks.length === 0) yield html`<p>Nothing was looked for: the request ended before that.</p>\n`.text;
  yield closing(footer(record)).text;
}

const moment = (text: string): Markup => html`<time datetime="${text}">${momentText(text) ?? text}</time>`;

const header = (record: RequestRecord, total: Counts): Markup => html`<h1>Data export</h1>
<p>${summary(total)}</p>
<dl class="facts"><dt>Request</dt><dd>${record.requestId}</dd><dt>Asked for</dt><dd>${moment(record.submittedAt)}</dd>
<dt>Packed</dt><dd>${moment(record.stateSince)}</dd></dl>`;

function summary(total: Counts): string {
  const { found, saved, gaps, bytes } = total;
  const missing = missingOf(total);
  const parts = [
    `${manyText(found, 'item was', 'items were')} found; ${countText(saved)} of them ${saved === 1 ? 'is' : 'are'} in this package, with ${sizeText(bytes)} of files.`,
    missing > 0 ? `${manyText(missing, 'item is', 'items are')} not, or not whole; the reasons are given.` : '',
    gaps > 0 ? 'Some parts of the service could not be read: there may be more than was found.' : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

const table = (target: string, all: readonly Found[]): Markup => html`<table>
<caption>Kinds of data in <bdi>${target}</bdi>, and how many items of each</caption>
<thead><tr><th scope="col">Kind of data</th><th scope="col">Found</th><th scope="col">Here</th><th scope="col">Missing</th><th scope="col">Files</th></tr></thead>
<tbody>
${all.map(row)}</tbody>
</table>
`;

function row({ task, counts }: Found): Markup {
  const { title } = familyNamed(task.family);
  const name = hasPages(counts) ? html`<a href="${reportPath(task, 1)}">${title}</a>` : html`${title}`;
  return html`<tr><th scope="row">${name}</th><td>${countText(counts.found)}</td><td>${countText(counts.saved)}</td><td>${countText(missingOf(counts))}</td><td>${counts.bytes > 0 ? sizeText(counts.bytes) : '–'}</td></tr>\n`;
}

const missingOf = ({ absent, kept, refused }: Counts): number => absent + kept + refused;
const hasPages = (counts: Counts): boolean => counts.documents + counts.gaps + settled(counts) > 0;

/** Everybody's data was asked for: whoever hands it on must know that others are in it. */
function othersMarkup({ task, others }: Found): Markup[] {
  if (others === undefined) return [];
  const people = manyText(others.people, 'other person', 'other people');
  const text = `names or mentions ${others.more ? 'at least ' : ''}${people} besides the one whom the request is about.`;
  return [html`<p class="note"><strong>${familyNamed(task.family).title}:</strong> ${text}</p>\n`];
}

/** Why not all of a kind of data is here. */
function missingMarkup({ task, counts }: Found): Markup[] {
  const reasons = [
    [counts.absent, 'item was gone before all of it was read', 'items were gone before all of them was read'],
    [counts.refused, 'item could not be read whole', 'items could not be read whole'],
    [counts.kept, 'item was not to be exported', 'items were not to be exported'],
    [counts.gaps, 'part of the service could not be read', 'parts of the service could not be read'],
  ] as const;
  const said = reasons.flatMap(([count, one, many]) => (count > 0 ? [manyText(count, one, many)] : []));
  if (said.length === 0) return [];
  return [html`<p class="note"><strong>${familyNamed(task.family).title}:</strong> ${said.join('; ')}.</p>\n`];
}

/** What may be there and was not found, since the request lacks what it is known by. */
function unfoundMarkup({ submission }: RequestRecord, { family }: Task): Markup[] {
  const entry = familyNamed(family);
  const notice = searchOf(entry, submission)?.notice;
  return notice === undefined ? [] : [html`<p class="note"><strong>${entry.title}:</strong> ${notice}</p>\n`];
}

/** Links to the pages of a kind of data that has more than one. */
async function* pageLinks(source: PackageSource, task: Task, counts: Counts): AsyncGenerator<string> {
  if (!hasPages(counts)) return;
  const { title } = familyNamed(task.family);
  let pages = 0;
  for await (const result of packedResults(source, task)) {
    for (let part = 0; part < pagesOf(result.counts); part += 1) {
      pages += 1;
      if (pages === 2) yield `${listStart(title).text}${pageLink(task, 1).text}`;
      if (pages > 1) yield pageLink(task, pages).text;
    }
  }
  if (pages > 1) yield '</ul></nav>\n';
}

const listStart = (title: string): Markup =>
  html`<h3>Pages: ${title}</h3>\n<nav class="pages" aria-label="Pages: ${title}"><ul>\n`;

const pageLink = (task: Task, page: number): Markup =>
  html`<li><a href="${reportPath(task, page)}">${countText(page)}</a></li>\n`;

const footer = (record: RequestRecord): Markup =>
  html`<p>This page is part of the package of request ${record.requestId} and works without a network, once all volumes are unpacked into one folder. README.txt says what the other files are; ${manifestName(editionOf(record))}, beside the volumes, lists every file with its SHA-256. Secrets and signatures of links are replaced by &lt;masked&gt;.</p>`;
