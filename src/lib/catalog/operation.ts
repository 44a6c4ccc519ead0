/** Which document or observation an operation rests on (contracts/endpoints.md, "Confidence"). */
export type Confidence = 'spec' | 'doc' | 'rec' | 'inf-H' | 'inf-M' | 'inf-L';

/** The two source documents of shared/seeds; `extra`: in neither, but a complete job needs it. */
export type Seed = 'S0' | 'S4' | 'extra';

export type Verb = 'GET' | 'DELETE' | 'POST';
/** A verb and a path below the base of the target, its parameters in braces. */
export type Route = `${Verb} /${string}`;

/**
 * How a list goes on.
 * - `whole`: a bare array, everything in one answer. `single`: one document, which is the one item.
 * - `skip-take`: a bare array; a page shorter than `take` is the last, and each but the first begins with the last element of the one before.
 * - `next-link`: `{value, nextLink}`, the link absolute and on its own host; with `token` also `{value, continuationToken}`, sent back
 *   under that query option. A page may be empty and not the last.
 * - `query-token`: a POST whose answer is `{token, results}`, or `{value, continuationToken}`; the token is posted back, `body` is the
 *   first question.
 */
export type Paging =
  | { readonly by: 'whole' }
  | { readonly by: 'single' }
  | { readonly by: 'skip-take'; readonly take: number }
  | { readonly by: 'next-link'; readonly token?: string }
  | { readonly by: 'query-token'; readonly body: Readonly<Record<string, unknown>> };

/** One documented upstream operation: a row of a table, no behaviour. */
export interface Operation {
  readonly operation: string;
  /** Which of the branch's base URLs the route stands below; `main` when absent. */
  readonly base?: string;
  readonly route: Route;
  readonly seed: Seed;
  /** Row in contracts/endpoints.md; of what stands in none, the specification that has it by this operation's name (contracts/specs). */
  readonly row: string;
  readonly confidence: readonly Confidence[];
  readonly paging?: Paging;
  /** Says how many elements a paged list has: without it a short page can't be told from a lost one. */
  readonly count?: Operation;
  /** Values of route parameters that are always the same. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Query options sent with every call. */
  readonly query?: Readonly<Record<string, string>>;
  /** Parameters without which the call would be about more than its item: they go into the query, and a call without one is a defect. */
  readonly requiredQuery?: readonly string[];
  /** Parameters that go into the query when the walk carries them, such as `iterationId`. */
  readonly optionalQuery?: readonly string[];
  /** Versions of the service that have the operation, both ends included; all when absent. */
  readonly since?: string;
  readonly until?: string;
  /** A 202 names a URL under which the outcome is asked for (`Azure-AsyncOperation`, `Operation-Location` or `Location`). */
  readonly longRunning?: true;
  /** A 204 says that there was nothing to delete (resource manager, model management); elsewhere it is the usual success. */
  readonly goneIs204?: true;
}

export const verbOf = (route: Route): Verb =>
  route.startsWith('GET') ? 'GET' : route.startsWith('POST') ? 'POST' : 'DELETE';
export const pathOf = (route: Route): string => route.slice(route.indexOf(' ') + 1);

/**
 * The path of an operation with its parameters put in, percent-encoded one by one: a value from an answer can't leave its segment.
 * `{+name}` takes a path: its slashes stay, unless a segment of it could change the way; then they are encoded too.
 * @throws Error when a parameter is missing or is a dot segment; both are defects of the caller.
 */
export function fillPath(route: Route, parameters: Readonly<Record<string, string>>): string {
  return pathOf(route).replaceAll(/\{(\+?)(\w+)\}/g, (_, plus: string, name: string) => {
    const value = parameters[name];
    if (value === undefined || isDotSegment(value) || value === '') {
      throw new Error(`${route}: no usable value for {${name}}.`);
    }
    const segments = value.split('/');
    const keepSlashes = plus === '+' && !segments.some((segment) => segment === '' || isDotSegment(segment));
    return keepSlashes ? segments.map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
}

const isDotSegment = (text: string): boolean => text === '.' || text === '..';

/** Nothing but inference says what the operation answers: an answer of another shape is kept whole and flagged. */
export const isInferred = (operation: Operation): boolean =>
  operation.confidence.every((confidence) => confidence.startsWith('inf-'));

const isBefore = (a: string, b: string): boolean => Number.parseFloat(a) < Number.parseFloat(b);

/** Whether a version of the service has the operation. */
export const isIn = (operation: Operation, version: string): boolean =>
  !(operation.since !== undefined && isBefore(version, operation.since)) &&
  !(operation.until !== undefined && isBefore(operation.until, version));
