/** What must not leave in clear: members of documents by name, and query parameters of links by name. Case doesn't matter in either. */
export interface MaskingRules {
  readonly members: readonly string[];
  readonly query: readonly string[];
}

export const MASKED = '<masked>';
/** Deeper documents can't be written as JSON (its writer recurses); no upstream has any. What lies below is replaced by this text. */
export const TOO_DEEP = '<left out: nested too deeply>';
const MOST_LEVELS = 1000;

interface Work {
  readonly source: object;
  readonly copy: object;
  readonly level: number;
}

/**
 * A function that copies a JSON value with its secrets masked: the value of each listed member, in any depth, whatever it is but null;
 * and the value of each listed query parameter of any link in any string, also in the middle of text, in member names, and
 * percent-encoded within another link. Everything else stays as it is, unknown members included. The argument is not changed.
 */
export function masker(rules: MaskingRules): (document: unknown) => unknown {
  const members = new Set(rules.members.map((name) => name.toLowerCase()));
  const maskText = textMasker(rules.query);
  return (document) => {
    const pending: Work[] = [];
    const copyOf = (value: unknown, level: number): unknown => {
      if (typeof value === 'string') return maskText(value);
      if (typeof value !== 'object' || value === null) return value;
      if (level >= MOST_LEVELS) return TOO_DEEP;
      const copy = Array.isArray(value) ? [] : {};
      pending.push({ source: value, copy, level: level + 1 });
      return copy;
    };
    const result = copyOf(document, 0);
    // A list of work instead of recursion: the depth of a document is not ours to trust.
    for (let work = pending.pop(); work; work = pending.pop()) {
      const { source, copy, level } = work;
      for (const [name, value] of Object.entries(source)) {
        const secret = !Array.isArray(source) && value !== null && members.has(name.toLowerCase());
        setOwn(
          copy,
          Array.isArray(source) ? name : freeName(copy, maskText(name)),
          secret ? MASKED : copyOf(value, level),
        );
      }
    }
    return result;
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
  return (text) => text.replace(pattern, `$1$2$3${MASKED}`);
}
