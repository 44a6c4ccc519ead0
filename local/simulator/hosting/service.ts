import { signedIn } from '../data-plane.ts';
import { type Answer, isLoopback, queryValue, type SimulatedRequest } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { decoded, onlyReadable, routerOf } from '../http/router.ts';
import type { Service, Simulation } from '../simulation.ts';
import { linkMaker } from '../storage/links.ts';
import type { HostingAccount } from '../world/learning/model.ts';
import { placeKey } from '../world/learning/place.ts';
import { hostingRefusalAnswer } from './call.ts';
import { hostingOperations } from './operations.ts';

const apiVersion = '2017-09-01-preview';
const find = routerOf(hostingOperations);
const base = /^\/+api\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/accounts\/([^/]+)(\/.*)?$/i;

/** The Model Management data plane at `{location}.modelmanagement.azureml.net`, or where an account says; on loopback by its paths. */
export const hostingService: Service = {
  name: 'model management',
  take: (request, simulation) => {
    const { hostingAccounts } = simulation.world.learning;
    const told = [...hostingAccounts.values()].some(({ dataHost }) => dataHost === request.host);
    const regional = /^[a-z0-9]+\.modelmanagement\.azureml\.net$/.test(request.host);
    const [whole, subscription = '', group = '', account = '', rest = ''] = base.exec(request.path) ?? [];
    if (whole === undefined && /^\/+modelmanagement\//i.test(request.path)) return undefined; // the successor's
    if (!told && !regional && !(isLoopback(request.host) && whole !== undefined)) return undefined;
    const match = find(request.method, rest);
    const place = placeKey(decoded(subscription), decoded(group), decoded(account));
    return {
      operation: match?.entry.name ?? '<unknown>',
      answer: (sent) =>
        withHeaders(handled(sent, simulation, { place, match, readable: onlyReadable(find, sent.method, rest) })),
    };
  },
};

interface Target {
  readonly place: string;
  readonly match: ReturnType<typeof find>;
  /** Another verb than GET where only GET is served: nothing is ever deleted as a whole (contradictions.md, 7). */
  readonly readable: boolean;
}

function handled(request: SimulatedRequest, simulation: Simulation, { place, match, readable }: Target): Answer {
  try {
    if (!signedIn(simulation, request)) {
      throw new Refusal(401, 'Unauthorized', 'The access token is missing or invalid.');
    }
    checkVersion(request);
    if (readable) throw new Refusal(405, 'MethodNotAllowed', 'The resource does not support this http method.');
    if (!match) throw new Refusal(404, 'NotFound', 'No such resource.');
    const { world } = simulation;
    const account = accountAt(request, world.learning.hostingAccounts.get(place));
    const links = linkMaker({ world, request, port: simulation.port(), now: simulation.now() });
    const { subscriptionId, resourceGroup, registry } = account;
    const computeResourceId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningCompute/operationalizationClusters/serving`;
    const common = { request, learning: world.learning, behaviour: world.behaviour, links };
    return match.entry.handle({ ...common, registry, computeResourceId }, match.parameters);
  } catch (error) {
    if (error instanceof Refusal) return hostingRefusalAnswer(error);
    throw error;
  }
}

function checkVersion(request: SimulatedRequest): void {
  const version = queryValue(request, 'api-version');
  if (version?.toLowerCase() === apiVersion) return;
  const message = `The api-version '${version ?? ''}' is not supported. Supported: ${apiVersion}.`;
  throw new Refusal(400, version === undefined ? 'MissingApiVersion' : 'InvalidApiVersion', message);
}

/** An account answers on its own host only. */
function accountAt({ host }: SimulatedRequest, account: HostingAccount | undefined): HostingAccount {
  if (account && (account.dataHost === host || isLoopback(host))) return account;
  throw new Refusal(404, 'AccountNotFound', 'The account was not found.');
}

function withHeaders(answer: Answer): Answer {
  return { ...answer, headers: { 'x-ms-request-id': crypto.randomUUID(), ...answer.headers } };
}
