import { servesRegion, signedIn } from '../data-plane.ts';
import { experimentsRefusalAnswer } from '../experiments/refusals.ts';
import { hostingRefusalAnswer } from '../hosting/call.ts';
import { type Answer, isLoopback, type SimulatedRequest } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { decoded, onlyReadable, routerOf } from '../http/router.ts';
import type { Service, Simulation } from '../simulation.ts';
import { linkMaker } from '../storage/links.ts';
import type { LearningWorkspace } from '../world/learning/model.ts';
import { placeKey, regionOf } from '../world/learning/place.ts';
import { successorArtifactOperations } from './artifacts.ts';
import type { SuccessorCall, SuccessorOperation } from './call.ts';
import { successorHistoryOperations } from './history.ts';
import { successorRegistryOperations } from './registry.ts';
import { runArtifactOperations } from './run-artifacts.ts';

/** Every operation of the successor's data planes that is simulated. */
export const successorOperations: readonly SuccessorOperation[] = [
  ...successorHistoryOperations,
  ...runArtifactOperations,
  ...successorArtifactOperations,
  ...successorRegistryOperations,
];

const find = routerOf(successorOperations);
const base =
  /^\/+(history\/v1\.0|artifact\/v2\.0|modelmanagement\/v1\.0)(\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+))(\/.*)?$/i;
const hosts = /^[a-z0-9]+\.(experiments|modelmanagement)\.azureml\.net$/;

/** The successor's data planes of 2019-09-30 at `{location}.experiments.azureml.net`; models also at `{location}.modelmanagement.azureml.net`. */
export const successorService: Service = {
  name: 'successor',
  take: (request, simulation) => {
    const parts = base.exec(request.path);
    if (!parts || !(hosts.test(request.host) || isLoopback(request.host))) return undefined;
    const [, plane = '', workspacePath = '', subscription = '', group = '', name = '', rest = ''] = parts;
    const service = plane.split('/')[0]?.toLowerCase() ?? '';
    const match = find(request.method, `/${service}${rest}`);
    const readable = onlyReadable(find, request.method, `/${service}${rest}`);
    const place = placeKey(decoded(subscription), decoded(group), decoded(name));
    return {
      operation: match?.entry.name ?? '<unknown>',
      answer: (sent) => handled(sent, simulation, { service, workspacePath, place, match, readable }),
    };
  },
};

interface Target {
  readonly service: string;
  readonly workspacePath: string;
  readonly place: string;
  readonly match: ReturnType<typeof find>;
  /** Another verb than GET where only GET is served. */
  readonly readable: boolean;
}

function handled(request: SimulatedRequest, simulation: Simulation, target: Target): Answer {
  const { world } = simulation;
  try {
    if (!signedIn(simulation, request)) {
      throw new Refusal(401, 'Unauthorized', 'The access token is missing or invalid.');
    }
    if (!target.match)
      return target.readable ? { status: 405, headers: { Allow: 'GET' } } : { status: 404, headers: {} };
    const { history, registry } = workspaceAt(request, world.learning.workspaces.get(target.place));
    const links = linkMaker({ world, request, port: simulation.port(), now: simulation.now() });
    const common = { request, simulation, learning: world.learning, behaviour: world.behaviour };
    const call: SuccessorCall = { ...common, links, history, registry, workspacePath: target.workspacePath };
    return target.match.entry.handle(call, target.match.parameters);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return target.service === 'modelmanagement'
      ? hostingRefusalAnswer(error)
      : experimentsRefusalAnswer(error, simulation.now());
  }
}

function workspaceAt(request: SimulatedRequest, workspace: LearningWorkspace | undefined): LearningWorkspace {
  if (workspace && servesRegion(request, regionOf(workspace))) return workspace;
  throw new Refusal(404, 'NotFound', 'The workspace was not found.');
}
