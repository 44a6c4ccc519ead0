import { type Constraint, parseConstraint } from './constraints.ts';

interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly catchAll: boolean;
  readonly initial: string | undefined;
  readonly constraints: readonly Constraint[];
}

/** One segment between slashes: literal text and parameters in turn. */
type Segment = readonly (string | Parameter)[];

export interface RouteTemplate {
  readonly segments: readonly Segment[];
  /** Sorts before another template that it takes precedence over. */
  readonly precedence: string;
}

const PARAMETER = /\{((?:\{\{|\}\}|[^{}])*)\}/g;

/**
 * Reads a route template of ASP.NET Core: `items/{id:guid}/{page?}`, `files/{*rest}`, `{name}.{extension}`, `{kind=all}`.
 * @throws when it cannot be read.
 */
export function parseTemplate(template: string): RouteTemplate {
  const trimmed = template.replace(/^\/|\/$/g, '');
  const segments = trimmed === '' ? [] : splitSegments(trimmed).map(parseSegment);
  return { segments, precedence: segments.map(rank).join('') };
}

/** Slashes inside braces belong to a constraint's pattern. */
function splitSegments(template: string): string[] {
  return template.match(/(?:\{(?:\{\{|\}\}|[^{}])*\}|[^/{}])+/g) ?? [];
}

function parseSegment(text: string): Segment {
  const parts: (string | Parameter)[] = [];
  let at = 0;
  for (const match of text.matchAll(PARAMETER)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push(parseParameter(match[1] ?? ''));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

function parseParameter(text: string): Parameter {
  const match = /^(\*{0,2})([^:=?*]+)((?::(?:[^:=?(]+(?:\(.*\))?))*)(\?|=.*)?$/.exec(text);
  if (match === null) throw new Error(`"{${text}}" is not a route parameter`);
  const [, stars = '', name = '', constraints = '', end = ''] = match;
  return {
    name,
    optional: end === '?',
    catchAll: stars !== '',
    initial: end.startsWith('=') ? end.slice(1) : undefined,
    constraints: (constraints.match(/[^:(]+(?:\(.*?\)(?=:|$))?/g) ?? []).map(parseConstraint),
  };
}

/** ASP.NET Core's inbound precedence: literal, mixed or constrained, parameter, catch-all. */
function rank(segment: Segment): string {
  const [part] = segment;
  if (segment.length > 1) return '2';
  if (part === undefined || typeof part === 'string') return '1';
  if (part.catchAll) return part.constraints.length > 0 ? '4' : '5';
  return part.constraints.length > 0 ? '2' : '3';
}

/** Route values by name when the path's segments fit the template; letter case of literals doesn't count. */
export function matchTemplate(template: RouteTemplate, path: readonly string[]): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of template.segments.entries()) {
    const [first] = segment;
    const only = segment.length === 1 && typeof first === 'object' ? first : undefined;
    const found = only?.catchAll ? path.slice(index).join('/') : (path[index] ?? '');
    const fits = found === '' ? takeAbsent(only, values) : takePresent(segment, found, values);
    if (!fits) return undefined;
    if (only?.catchAll) return values;
  }
  return path.length > template.segments.length ? undefined : values;
}

function takeAbsent(parameter: Parameter | undefined, values: Record<string, string>): boolean {
  if (parameter?.initial !== undefined) values[parameter.name] = parameter.initial;
  return parameter !== undefined && (parameter.optional || parameter.catchAll || parameter.initial !== undefined);
}

function takePresent(segment: Segment, found: string, values: Record<string, string>): boolean {
  const parameters = segment.filter((part) => typeof part === 'object');
  const source = segment
    .map((part) => (typeof part === 'string' ? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&') : '(.+)'))
    .join('');
  const match = new RegExp(`^${source}$`, 'is').exec(found);
  if (match === null) return false;
  return parameters.every((parameter, index) => {
    const value = match[index + 1] ?? '';
    values[parameter.name] = value;
    return parameter.constraints.every((fits) => fits(value));
  });
}
