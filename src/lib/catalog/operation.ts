/** Which document or observation an operation rests on (contracts/endpoints.md, "Confidence"). */
export type Confidence = 'spec' | 'doc' | 'rec' | 'inf-H' | 'inf-M' | 'inf-L';

/** The two source documents of shared/seeds; `extra`: in neither, but a complete job needs it. */
export type Seed = 'S0' | 'S4' | 'extra';

export type Verb = 'GET' | 'DELETE' | 'POST';
/** A verb and a path below the base of the target, its parameters in braces. */
export type Route = `${Verb} /${string}`;

/** How a list goes on. `skip-take`: a page shorter than `take` is the last. `whole`: everything in one answer. */
export type Paging = { readonly by: 'whole' } | { readonly by: 'skip-take'; readonly take: number };

/** One documented upstream operation: a row of a table, no behaviour. */
export interface Operation {
  readonly operation: string;
  readonly route: Route;
  readonly seed: Seed;
  /** Row in contracts/endpoints.md. */
  readonly row: string;
  readonly confidence: readonly Confidence[];
  readonly paging?: Paging;
  /** Says how many elements a paged list has: without it a short page can't be told from a lost one. */
  readonly count?: Operation;
  /** Query options sent with every call. */
  readonly query?: Readonly<Record<string, string>>;
  /** Parameters that go into the query when the walk carries them, such as `iterationId`. */
  readonly optionalQuery?: readonly string[];
  /** Versions of the service that have the operation, both ends included; all when absent. */
  readonly since?: string;
  readonly until?: string;
}

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
/** The parameters that a route names, as a type. */
export type RouteParameters<R extends Route> = { readonly [Name in Names<R>]: string };

export const verbOf = (route: Route): Verb =>
  route.startsWith('GET') ? 'GET' : route.startsWith('POST') ? 'POST' : 'DELETE';
export const pathOf = (route: Route): string => route.slice(route.indexOf(' ') + 1);

/**
 * The path of an operation with its parameters put in, percent-encoded one by one: a value from an answer can't leave its segment.
 * @throws Error when a parameter is missing or is a dot segment; both are defects of the caller.
 */
export function fillPath(route: Route, parameters: Readonly<Record<string, string>>): string {
  return pathOf(route).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined || value === '' || value === '.' || value === '..') {
      throw new Error(`${route}: no usable value for {${name}}.`);
    }
    return encodeURIComponent(value);
  });
}

const isBefore = (a: string, b: string): boolean => Number.parseFloat(a) < Number.parseFloat(b);

/** Whether a version of the service has the operation. */
export const isIn = (operation: Operation, version: string): boolean =>
  !(operation.since !== undefined && isBefore(version, operation.since)) &&
  !(operation.until !== undefined && isBefore(operation.until, version));
