import { html, type Markup, startOf } from './markup.ts';
import { countText, labelText, manyText, momentText } from './words.ts';

const MOST_FIELDS = 16;
const MOST_ELEMENTS = 20;
const LONGEST_VALUE = 2000;
const LONGEST_DOCUMENT = 20_000;

/** The fields of a document that say something to a person, then the whole document. `file`: where it stands in full. */
export function documentMarkup(document: unknown, file: string): Markup {
  const fields = mainFields(document).slice(0, MOST_FIELDS);
  const list = fields.length > 0 ? html`<dl class="facts">${fields.map(fieldMarkup)}</dl>\n` : undefined;
  const whole = JSON.stringify(document, null, 2) ?? '';
  const rest = whole.length > LONGEST_DOCUMENT ? cutNote(whole.length, file) : undefined;
  return html`${list}<details><summary>All fields, as the service gave them</summary>
<pre><bdi>${startOf(whole, LONGEST_DOCUMENT)}</bdi></pre>${rest}</details>
`;
}

const cutNote = (length: number, file: string): Markup =>
  html`<p>This is the beginning of ${countText(length)} characters; all of it is in <a href="${file}">${file}</a>.</p>`;

interface Field {
  readonly name: string;
  readonly value: string;
}

const fieldMarkup = ({ name, value }: Field): Markup =>
  html`<dt><bdi>${labelText(startOf(name, 200))}</bdi></dt><dd>${textMarkup(value)}</dd>`;

/** A text from upstream: apart from what surrounds it, in its own direction, and not without end. */
function textMarkup(value: string): Markup {
  const shown = momentText(value) ?? startOf(value, LONGEST_VALUE);
  const rest = value.length > LONGEST_VALUE ? html` … (${countText(value.length)} characters)` : undefined;
  return html`<bdi>${shown}</bdi>${rest}`;
}

/** Links and ids are for programs; they stand among all fields. */
const LINK = /^[a-z][a-z0-9+.-]*:\/\//i;
const ID = /^(?:id|.*I[dD]s?)$/;

function mainFields(document: unknown): Field[] {
  return membersOf(document).flatMap(([name, value]) => {
    const text = ID.test(name) ? undefined : valueText(value);
    return text === undefined ? [] : [{ name, value: text }];
  });
}

const membersOf = (value: unknown): [string, unknown][] =>
  value === null || typeof value !== 'object' || Array.isArray(value) ? [] : Object.entries(value);

/** What a value says in a line or two; undefined when it says nothing to a person. */
function valueText(value: unknown): string | undefined {
  if (Array.isArray(value)) return listText(value);
  if (typeof value === 'object') return objectText(value);
  return scalarText(value);
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || LINK.test(value) ? undefined : value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? String(value) : undefined;
}

function listText(list: readonly unknown[]): string | undefined {
  const texts = list.slice(0, MOST_ELEMENTS).flatMap((element) => nameOf(element) ?? scalarText(element) ?? []);
  if (texts.length === 0) return undefined;
  const more = list.length - texts.length;
  return texts.join(', ') + (more > 0 ? `, and ${manyText(more, 'more', 'more')}` : '');
}

function objectText(value: object | null): string | undefined {
  const texts = membersOf(value)
    .slice(0, MOST_ELEMENTS)
    .flatMap(([name, member]) => {
      const text = ID.test(name) ? undefined : scalarText(member);
      return text === undefined ? [] : [`${name}: ${text}`];
    });
  return texts.length > 0 ? texts.join('\n') : undefined;
}

const NAMES = ['name', 'Name', 'displayName', 'tagName', 'title', 'path', 'userName'];

/** How a document names itself. */
export function nameOf(document: unknown): string | undefined {
  const members = new Map(membersOf(document));
  return NAMES.map((name) => members.get(name)).find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
}
