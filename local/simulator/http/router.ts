/** The parameters in a route, read off the string: `'GET /projects/{projectId}'` has `projectId`. */
export type PathParameters<Route extends string> = Route extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Plain<Name>]: string } & PathParameters<Rest>
  : unknown;

/** `{path*}` has `path`. */
type Plain<Name extends string> = Name extends `${infer Start}*` ? Start : Name;

interface Compiled<Entry> {
  readonly entry: Entry;
  readonly method: string;
  readonly segments: readonly string[];
}

/** An entry that was found for a request, with its parameters decoded. */
export interface Match<Entry> {
  readonly entry: Entry;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the entry for a verb and a path: literal segments without regard to case, before parameters. Undefined: no such route. */
export type Router<Entry> = (method: string, path: string) => Match<Entry> | undefined;

/** Compiles a table of routes (`'GET /projects/{projectId}'`); `{name*}` in the last place takes all segments that are left. */
export function routerOf<Entry extends { readonly route: string }>(entries: readonly Entry[]): Router<Entry> {
  const compiled = entries.map(compile).sort(byLiteralsFirst);
  return (method, path) => {
    const segments = path.split('/').filter((segment) => segment !== '');
    for (const { entry, ...candidate } of compiled) {
      const parameters = candidate.method === method && matchSegments(candidate.segments, segments);
      if (parameters) return { entry, parameters };
    }
    return undefined;
  };
}

/** Whether a path that has no route for its verb has one for GET: the verb isn't allowed there, which is 405 and not 404. */
export function onlyReadable<Entry>(router: Router<Entry>, method: string, path: string): boolean {
  return router(method, path) === undefined && router('GET', path) !== undefined;
}

function compile<Entry extends { readonly route: string }>(entry: Entry): Compiled<Entry> {
  const [method = '', path = ''] = entry.route.split(' ');
  return { entry, method, segments: path.split('/').filter((segment) => segment !== '') };
}

function byLiteralsFirst(
  one: { readonly segments: readonly string[] },
  other: { readonly segments: readonly string[] },
): number {
  const weight = (segments: readonly string[]) =>
    segments.map((segment) => (segment.startsWith('{') ? 'b' : 'a')).join('');
  return weight(one.segments).localeCompare(weight(other.segments));
}

function matchSegments(pattern: readonly string[], actual: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    if (expected.endsWith('*}')) {
      parameters[expected.slice(1, -2)] = actual.slice(index).map(decoded).join('/');
      return actual.length > index ? parameters : undefined;
    }
    const segment = actual[index];
    if (segment === undefined) return undefined;
    if (expected.startsWith('{')) parameters[expected.slice(1, -1)] = decoded(segment);
    else if (decoded(segment).toLowerCase() !== expected.toLowerCase()) return undefined;
  }
  return actual.length === pattern.length ? parameters : undefined;
}

/** Percent-decoded; a broken escape stays as sent. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
