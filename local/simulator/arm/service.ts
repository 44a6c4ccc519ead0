import { createHash } from 'node:crypto';
import { type Answer, isLoopback, type SimulatedRequest } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { onlyReadable, routerOf } from '../http/router.ts';
import type { Service, Simulation } from '../simulation.ts';
import type { ArmOperation } from './call.ts';
import { clusterOperations, resourceGroupOperations } from './clusters.ts';
import { experimentationOperations } from './experimentation.ts';
import { bearerOf, passGateway, tooManyRequests } from './gateway.ts';
import { hostingAccountOperations } from './hosting-accounts.ts';
import { workspaceOperations } from './learning-workspaces.ts';
import { longRunningOperations } from './long-running.ts';
import { armRefusalAnswer } from './refusals.ts';
import type { CallKind } from './throttle.ts';

/** Every operation behind the resource manager. */
export const armOperations: readonly ArmOperation[] = [
  ...hostingAccountOperations,
  ...experimentationOperations,
  ...workspaceOperations,
  ...clusterOperations,
  ...longRunningOperations,
  ...resourceGroupOperations,
];

const find = routerOf(armOperations);

/** Stands for a verb that a resource type doesn't have: a collection is never deleted as a whole. */
const notAllowed: ArmOperation = {
  route: '',
  name: '<not allowed>',
  apiVersions: [],
  handle: (_call): Answer => {
    throw new Refusal(405, 'HttpMethodNotAllowed', 'The http method is not supported on this resource.');
  },
};

/** The resource manager at management.azure.com; called directly, on loopback, by its paths. */
export const armService: Service = {
  name: 'resource manager',
  take: (request, simulation) => {
    const direct = isLoopback(request.host) && /^\/+(subscriptions|providers)\//i.test(request.path);
    if (request.host !== 'management.azure.com' && !direct) return undefined;
    const match = find(request.method, request.path);
    return {
      operation: match?.entry.name ?? '<unknown>',
      answer: (sent) => dressed(sent, simulation, match),
    };
  },
};

type Matched = ReturnType<typeof find>;

/** The answer with the headers that every recorded one carries. */
function dressed(request: SimulatedRequest, simulation: Simulation, match: Matched): Answer {
  const kind = kindOf(request);
  const drawn = simulation.armThrottle(kind, callerOf(request));
  const answer = drawn.wait > 0 ? tooManyRequests(drawn.wait) : handled(request, simulation, match);
  const id = crypto.randomUUID();
  const time = new Date(simulation.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const clientId = request.headers['x-ms-client-request-id'];
  const counted = kind === 'reads' ? 'reads' : 'writes';
  const headers = {
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
    'x-ms-routing-request-id': `WESTEUROPE:${time}:${id}`,
    [`x-ms-ratelimit-remaining-subscription-${counted}`]: String(drawn.remaining),
    'Cache-Control': 'no-cache',
    Pragma: 'no-cache',
    Expires: '-1',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    ...(typeof clientId === 'string' && { 'x-ms-client-request-id': clientId.replaceAll('-', '') }),
  };
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function handled(request: SimulatedRequest, simulation: Simulation, match: Matched): Answer {
  try {
    const entry = match?.entry ?? (onlyReadable(find, request.method, request.path) ? notAllowed : undefined);
    passGateway(simulation, request, entry);
    const { world } = simulation;
    const call = { request, learning: world.learning, behaviour: world.behaviour, simulation };
    return entry ? entry.handle(call, match?.parameters ?? {}) : { status: 404, headers: {} };
  } catch (error) {
    if (error instanceof Refusal) return armRefusalAnswer(error);
    throw error;
  }
}

function kindOf({ method }: SimulatedRequest): CallKind {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

/** Principal and subscription, whose calls are counted together. */
function callerOf(request: SimulatedRequest): string {
  const [, subscription = ''] = /^\/+subscriptions\/([^/]+)/i.exec(request.path) ?? [];
  return `${createHash('sha256')
    .update(bearerOf(request) ?? '')
    .digest('hex')} ${subscription.toLowerCase()}`;
}
