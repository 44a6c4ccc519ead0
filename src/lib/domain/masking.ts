/** What must not leave in clear: members of documents, and query parameters of links by name. Case doesn't matter in any. */
export interface MaskingRules {
  /** Members by their name, wherever they stand. */
  readonly members: readonly string[];
  /** Members below which names are a person's own words: a plain value, or a list of such, right below one is none of `members`. */
  readonly free?: readonly string[];
  /**
   * Members by the last steps of the way to them, for names that are a secret's in some places only: `ssl/key` is a `key` right below an
   * `ssl`, `*` any name, and a leading slash the document's root. Lists on the way are no step; a plain value where `*` should stand
   * below is a secret too.
   */
  readonly paths?: readonly string[];
  readonly query: readonly string[];
}

/** Rules for documents of any family; and for each family where names are people's own in its documents, and secrets that it alone has. */
export interface MaskingTable extends Omit<MaskingRules, 'free'> {
  readonly families: Readonly<Record<string, Pick<MaskingRules, 'free' | 'paths'>>>;
}

export const MASKED = '<masked>';
/** Deeper documents can't be written as JSON (its writer recurses); no upstream has any. What lies below is replaced by this text. */
export const TOO_DEEP = '<left out: nested too deeply>';
const MOST_LEVELS = 1000;

interface Work {
  readonly source: object;
  readonly copy: object;
  readonly level: number;
  /** Names of members on the way to it, lower case, as many as a path can ask for. */
  readonly way: readonly string[];
}

/** Copies a document of a family with its secrets masked (see `masker`). */
export type MaskDocument = (family: string, document: unknown) => unknown;

/** Masks documents by what a table says of their family. Of a family that it doesn't name, no member is free. */
export function familyMasker({ families, ...common }: MaskingTable): MaskDocument {
  const any = masker(common);
  const byFamily = new Map(
    Object.entries(families).map(([family, own]) => [
      family,
      masker({ ...common, ...own, paths: [...(common.paths ?? []), ...(own.paths ?? [])] }),
    ]),
  );
  return (family, document) => (byFamily.get(family) ?? any)(document);
}

/**
 * A function that copies a JSON value with its secrets masked: the value of each listed
 * member, whatever it is but null; and the value of each listed query parameter of any link in any string, also in the middle of text, in member names, and
 * percent-encoded within another link. Everything else stays as it is, unknown members included. The argument is not changed.
 */
export function masker(rules: MaskingRules): (document: unknown) => unknown {
  const members = new Set(rules.members.map((name) => name.toLowerCase()));
  const free = new Set((rules.free ?? []).map((name) => name.toLowerCase()));
  const isMember = (name: string, value: unknown, parent = ''): boolean =>
    members.has(name) && !(free.has(parent) && isPlain(value));
  const paths = pathMatcher(rules.paths ?? []);
  const maskText = textMasker(rules.query);
  return (document) => {
    const pending: Work[] = [];
    const copyOf = (value: unknown, level: number, way: readonly string[]): unknown => {
      if (typeof value === 'string') return maskText(value);
      if (typeof value !== 'object' || value === null) return value;
      if (level >= MOST_LEVELS) return TOO_DEEP;
      const copy = Array.isArray(value) ? [] : {};
      pending.push({ source: value, copy, level: level + 1, way });
      return copy;
    };
    const result = copyOf(document, 0, [ROOT]);
    // A list of work instead of recursion: the depth of a document is not ours to trust.
    for (let work = pending.pop(); work; work = pending.pop()) {
      const { source, copy, level, way } = work;
      for (const [name, value] of Object.entries(source)) {
        if (Array.isArray(source)) {
          setOwn(copy, name, paths.holds(way, value) ? MASKED : copyOf(value, level, way));
          continue;
        }
        const here = [...way, name.toLowerCase()].slice(-paths.longest);
        const secret =
          value !== null &&
          (isMember(name.toLowerCase(), value, way.at(-1)) || paths.match(here) || paths.holds(here, value));
        setOwn(copy, freeName(copy, maskText(name)), secret ? MASKED : copyOf(value, level, here));
      }
    }
    return result;
  };
}

/** A value in which no name stands. */
const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' || (Array.isArray(value) && value.every((element) => typeof element !== 'object'));

/** The first step of every way; no member's name in lower case. */
const ROOT = 'ROOT';

/** `longest`: steps that a way must keep to be compared. */
function pathMatcher(paths: readonly string[]): {
  longest: number;
  match(way: readonly string[]): boolean;
  /** Whether a plain value stands on a way below which every name is a secret's. */
  holds(way: readonly string[], value: unknown): boolean;
} {
  const wanted = paths.map((path) =>
    path.split('/').map((step, index) => (index === 0 && !step ? ROOT : step.toLowerCase())),
  );
  const matches = (steps: readonly string[], way: readonly string[]): boolean => {
    const end = way.slice(-steps.length);
    return (
      end.length === steps.length &&
      steps.every((step, index) => step === end[index] || (step === '*' && end[index] !== ROOT))
    );
  };
  const open = wanted.filter((steps) => steps.at(-1) === '*').map((steps) => steps.slice(0, -1));
  return {
    longest: Math.max(1, ...wanted.map((steps) => steps.length)),
    match: (way) => wanted.some((steps) => matches(steps, way)),
    holds: (way, value) => value !== null && typeof value !== 'object' && open.some((steps) => matches(steps, way)),
  };
}

/** Defined, not assigned: a member called `__proto__` is a member like any other. */
const setOwn = (copy: object, name: string, value: unknown): void => {
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
};

/** Names that differ in what was masked only must not hide each other. */
function freeName(copy: object, name: string): string {
  let free = name;
  for (let number = 2; Object.hasOwn(copy, free); number += 1) free = `${name} (${number})`;
  return free;
}

/** What stands before a parameter and between its name and value: plain, in HTML or JSON text, percent-encoded once or twice. */
const BEFORE = String.raw`^|[?&]|&amp;|\\u0026|%(?:25)*(?:3F|26)`;
const EQUALS = '=|%(?:25)*3D';
/** What can stand in a value: not what ends a parameter, a link in text, or a parameter of a link within a link. */
const VALUE = String.raw`(?:(?!%(?:25)*26)[^&#\s"'<>\\,;()[\]{}|${'`'}])+`;

function textMasker(parameters: readonly string[]): (text: string) => string {
  if (parameters.length === 0) return (text) => text;
  const names = parameters.map((name) => name.replace(/[^\w-]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(${BEFORE})(${names})(${EQUALS})${VALUE}`, 'gi');
  // Every match has one of these in it; most texts have neither, and need no search.
  return (text) => (!text.includes('=') && !text.includes('%') ? text : text.replace(pattern, `$1$2$3${MASKED}`));
}
