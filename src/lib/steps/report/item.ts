import type { DocumentLine, GapLine, ItemLine } from '../../domain/ledger.ts';
import { assertNever } from '../../domain/never.ts';
import { documentMarkup, nameOf } from './fields.ts';
import { html, type Markup, startOf } from './markup.ts';
import { labelText, sizeText } from './words.ts';

/** A file of the package that belongs to an item; `path` as seen from the page. */
export interface ReportFile {
  readonly path: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** An item with all that is known of it. */
export interface ReportItem {
  readonly key: string;
  /** Absent when documents were read and nothing was written about their item. */
  readonly account?: ItemLine;
  readonly documents: readonly DocumentLine[];
  readonly files: readonly ReportFile[];
  /** Where the documents stand in full, as seen from the page. */
  readonly documentsFile: string;
}

const LONGEST_TITLE = 200;

/** One item: its name, what became of it, its files, its documents. */
export function itemMarkup(item: ReportItem): Markup {
  const { key, account, documents, files, documentsFile } = item;
  const title = titleOf(item);
  return html`<article>
<h3><bdi>${title}</bdi></h3>
${account && accountMarkup(account)}${files.map((file) => fileMarkup(file, title))}${documents.map((line) => html`${partHeading(line)}${flagsMarkup(line)}${documentMarkup(line.document, documentsFile)}`)}<p class="soft">Key: <bdi>${key}</bdi></p>
</article>
`;
}

function titleOf({ key, documents }: ReportItem): string {
  const own = documents.find(({ part }) => part === undefined);
  const title = nameOf(own?.document) ?? lastPart(key);
  return title.length > LONGEST_TITLE ? `${startOf(title, LONGEST_TITLE)}…` : title;
}

/** Keys are made of percent-encoded parts; one that isn't is shown as it is. */
function lastPart(key: string): string {
  const part = key.slice(key.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(part) || key;
  } catch {
    return part;
  }
}

const partHeading = ({ part }: DocumentLine): Markup | undefined =>
  part === undefined ? undefined : html`<h4>${labelText(part)}</h4>\n`;

const flagsMarkup = ({ flags }: DocumentLine): Markup | undefined =>
  flags && flags.length > 0 ? html`<p class="soft">Remarks: <bdi>${flags.join(', ')}</bdi></p>\n` : undefined;

function accountMarkup({ outcome, reason }: ItemLine): Markup | undefined {
  const sentence = outcomeSentence(outcome);
  if (sentence === undefined) return undefined;
  return html`<p class="note"><strong>${sentence}</strong> <bdi>${reason}</bdi></p>\n`;
}

/** Nothing is said of what is here whole. */
function outcomeSentence(outcome: ItemLine['outcome']): string | undefined {
  switch (outcome) {
    case 'saved':
      return undefined;
    case 'absent':
      return 'Gone before all of it was read.';
    case 'kept':
      return 'Not exported.';
    case 'refused':
      return 'Not all of it could be read.';
    case 'erased':
      return 'Erased.';
    default:
      return assertNever(outcome, 'outcome of an item');
  }
}

/** Extensions of what browsers show as an image. */
const SHOWN = /\.(?:jpg|png|gif|bmp|webp)$/;

function fileMarkup({ path, bytes, contentType }: ReportFile, title: string): Markup {
  const kind = html`<bdi>${startOf(contentType, 100)}</bdi>, ${sizeText(bytes)}`;
  if (!SHOWN.test(path)) return html`<p><a href="${path}">Open the file</a> <span class="soft">(${kind})</span></p>\n`;
  return html`<figure><a href="${path}"><img src="${path}" alt="Image: ${title}" loading="lazy" decoding="async"></a>
<figcaption>${kind}</figcaption></figure>
`;
}

/** A part of the upstream tree that could not be read. */
export const gapMarkup = ({ place, reason }: GapLine): Markup =>
  html`<p class="note"><strong>A part could not be read, and what lies there is unknown.</strong> <bdi>${place}</bdi>: <bdi>${reason}</bdi></p>\n`;
