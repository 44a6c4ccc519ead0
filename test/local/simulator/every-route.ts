import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import type { WorldOptions } from '../../../local/simulator/world/options.ts';
import { startChecked } from './checked.ts';
import { arm, askLearning, group, type LearningAsking, successorBase } from './learning-asking.ts';
import { type Plane, planesOf } from './planes.ts';
import { fetchReply, firstResource, type Reply } from './running.ts';

/* Every route of every simulated service, with a URL that leads to something in one small world. */

/** Of each thing at least two, and one on a page: every list has a next page. */
const world = {
  project: { predictions: 3 },
  experimentation: [{ workspaces: [{ projects: [{ jobsPerPerson: 2 }, {}] }, { projects: 0 }] }, {}],
  modelManagement: [{}, {}],
  computeWorkspaces: [{ computes: 3 }],
  clusters: [{}, {}, {}],
  // Several artifacts below one folder of the first run.
  successor: [{ services: 3, artifactsPerRun: 4 }],
  behaviour: { pageSize: 1, pollsUntilDeleted: 1_000_000, parentsWithChildren: 'cascade' },
} as const satisfies WorldOptions;

/** A simulator of that world in which time stands still and three deletions go on. */
export async function startWithEverything(): Promise<RunningSimulator> {
  const now = Date.UTC(2026, 0, 1);
  const simulator = await startChecked({ world, rateLimit: false, now: () => now });
  const provider = (name: string): string => `${arm}${group}/providers/Microsoft.MachineLearning${name}`;
  const services = [...simulator.world.learning.workspaces.values()].flatMap(({ registry }) => [
    ...registry.services.keys(),
  ]);
  for (const url of [
    `${provider('Compute')}/operationalizationClusters/cluster-3?api-version=2017-06-01-preview`,
    `${provider('Services')}/workspaces/computes-1/computes/compute3?api-version=2018-03-01-preview`,
    `${successorBase('modelmanagement/v1.0')}/services/${services[2]}`,
  ]) {
    await askLearning(simulator, url, { method: 'DELETE' });
  }
  return simulator;
}

/** A route with what fills it. */
export interface Route {
  readonly plane: string;
  readonly name: string;
  readonly verb: string;
  /** Begins with `https://` and ends before the path that the route names. */
  readonly base: string;
  /** Segments as the table has them, parameters in braces. */
  readonly pattern: readonly string[];
  /** The same segments filled, percent-encoded. */
  readonly path: readonly string[];
  readonly options: readonly string[];
  readonly versioned: boolean;
}

/** Every route there is. */
export const routesOf = (simulator: RunningSimulator): readonly Route[] =>
  planesOf(simulator).flatMap((plane) => plane.operations.map((operation) => routeOf(plane, operation)));

function routeOf(plane: Plane, { route, name }: Plane['operations'][number]): Route {
  const [verb = '', template = ''] = route.split(' ');
  const pattern = template.split('/').slice(1);
  const path = pattern.map((segment, index) => filled(plane, segment, pattern[index - 1]));
  const version = plane.version === undefined ? [] : [`api-version=${plane.version}`];
  const need = plane.needs?.[name];
  const options = [...version, ...(need === undefined ? [] : [need])];
  return { plane: plane.plane, name, verb, base: plane.base, pattern, path, options, versioned: version.length > 0 };
}

function filled({ values }: Plane, segment: string, before: string | undefined): string {
  const parameter = /^\{(\w+)(\*?)\}$/.exec(segment);
  if (!parameter) return segment;
  const [, name = '', rest] = parameter;
  const value = values[name === 'id' ? (before ?? '') : name];
  if (value === undefined) throw new Error(`Nothing is known for ${segment} after ${before}.`);
  return rest ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
}

/** The whole URL, its path or options changed. */
export function urlOf(route: Route, change: { path?: readonly string[]; options?: readonly string[] } = {}): string {
  const options = change.options ?? route.options;
  const query = options.length > 0 ? `?${options.join('&')}` : '';
  return `${route.base}/${(change.path ?? route.path).join('/')}${query}`;
}

/** Calls a URL of any service through the gateway, signed in as that service wants it. */
export async function call(simulator: RunningSimulator, url: string, asking: LearningAsking = {}): Promise<Reply> {
  const { host, keys } = firstResource(simulator);
  if (!url.startsWith(`https://${host}/`)) return askLearning(simulator, url, asking);
  const { method = 'GET', headers, body } = asking;
  return fetchReply(simulator.url + url.slice(`https://${host}`.length), {
    method,
    headers: { 'X-Forwarded-Host': host, 'Training-Key': keys[0], ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** What a route answers to its own verb; a query is posted empty. */
export const callRoute = (simulator: RunningSimulator, { verb }: Route, url: string): Promise<Reply> =>
  call(simulator, url, verb === 'POST' ? { method: verb, body: {} } : { method: verb });
