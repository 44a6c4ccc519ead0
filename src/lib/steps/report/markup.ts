/** Markup, as against text: only `html` makes it, so that nothing from upstream can become markup. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[] | undefined;

/** A template whose inserted texts are escaped, in content and in quoted attributes alike; inserted markup stays as it is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? '';
  for (let index = 0; index < parts.length; index += 1) text += textOf(parts[index]) + (strings[index + 1] ?? '');
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escaped(String(part));
}

/**
 * Characters that show nothing and change what is seen around them: controls, lone surrogates, direction marks and overrides, invisible
 * spaces, tags. Joiners, which scripts and emoji need, are not among them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u{AD}\u{61C}\u{180E}\u{200B}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2060}-\u{206F}\u{FEFF}\u{FFF9}-\u{FFFB}\u{E0000}-\u{E0FFF}]/gu;

/** Nothing in it that is escaped or unseen: most texts, told much sooner than by looking for what is. */
const PLAIN = /^[ !#-%(-;=?-~]*$/;

/** Neither seen ASCII nor an end of a line or a tab: only then is it worth while to look for what is unseen. */
const UNUSUAL = /[^\n\t -~]/;

/** Text for HTML; a character that can't be seen is written out, as `[U+202E]`. Line ends and tabs stay. */
export function escaped(text: string): string {
  if (PLAIN.test(text)) return text;
  // The ampersand first: those of the others stay.
  const safe = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
  return UNUSUAL.test(safe) ? safe.replace(UNSEEN, shownCode) : safe;
}

const shownCode = (character: string): string =>
  character === '\n' || character === '\t' ? character : codeOf(character);

const codeOf = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;

/** The start of a text, at most `most` UTF-16 units, never half of a character. */
export function startOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(most - 1));
  return text.slice(0, isHalf ? most - 1 : most);
}
