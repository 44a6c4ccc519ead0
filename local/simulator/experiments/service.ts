import { servesRegion, signedIn } from '../data-plane.ts';
import { type Answer, isLoopback, type SimulatedRequest } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { decoded, onlyReadable, routerOf } from '../http/router.ts';
import type { Service, Simulation } from '../simulation.ts';
import { linkMaker } from '../storage/links.ts';
import { placeKey, regionOf } from '../world/learning/place.ts';
import type { RunHistory } from '../world/learning/run-history.ts';
import { artifactOperations } from './artifacts.ts';
import { historyOperations } from './history.ts';
import { experimentsRefusalAnswer } from './refusals.ts';

/** Every operation of run history, artifacts and notifications that is simulated. */
export const experimentsOperations = [...historyOperations, ...artifactOperations];

const find = routerOf(experimentsOperations);
const base =
  /^\/+(history|artifact|notification)\/v1\.0\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningExperimentation\/accounts\/([^/]+)\/workspaces\/([^/]+)\/projects\/([^/]+)(\/.*)?$/i;

/** The experiments data plane at `{location}.experiments.azureml.net`; on loopback by its paths. */
export const experimentsService: Service = {
  name: 'experiments',
  take: (request, simulation) => {
    const parts = base.exec(request.path);
    const regional = /^[a-z0-9]+\.experiments\.azureml\.net$/.test(request.host);
    if (!regional && !(isLoopback(request.host) && parts)) return undefined;
    const [, service = '', ...rest] = parts ?? [];
    const tail = `/${service}${rest[5] ?? ''}`;
    const match = find(request.method, tail);
    const readable = onlyReadable(find, request.method, tail);
    return {
      operation: match?.entry.name ?? '<unknown>',
      answer: (sent) => handled(sent, simulation, { names: rest.map((name) => decoded(name ?? '')), match, readable }),
    };
  },
};

interface Target {
  /** Subscription, group, account, workspace, project. */
  readonly names: readonly string[];
  readonly match: ReturnType<typeof find>;
  /** Another verb than GET where only GET is served. */
  readonly readable: boolean;
}

function handled(request: SimulatedRequest, simulation: Simulation, { names, match, readable }: Target): Answer {
  try {
    if (!signedIn(simulation, request)) {
      throw new Refusal(401, 'Unauthorized', 'The access token is missing or invalid.');
    }
    if (!match) return readable ? { status: 405, headers: { Allow: 'GET' } } : { status: 404, headers: {} };
    const { world } = simulation;
    const links = linkMaker({ world, request, port: simulation.port(), now: simulation.now() });
    const history = historyAt(request, simulation, names);
    const common = { request, learning: world.learning, behaviour: world.behaviour };
    return match.entry.handle({ ...common, links, history }, match.parameters);
  } catch (error) {
    if (error instanceof Refusal) return experimentsRefusalAnswer(error, simulation.now());
    throw error;
  }
}

function historyAt(request: SimulatedRequest, { world }: Simulation, names: readonly string[]): RunHistory {
  const [subscription = '', group = '', account = '', workspace = '', project = ''] = names;
  const found = world.learning.experimentationAccounts.get(placeKey(subscription, group, account));
  const here = found && servesRegion(request, regionOf(found)) ? found : undefined;
  const { history } = here?.workspaces.get(workspace.toLowerCase())?.projects.get(project.toLowerCase()) ?? {};
  if (!history) throw new Refusal(404, 'NotFound', `Project ${project} was not found.`);
  return history;
}
