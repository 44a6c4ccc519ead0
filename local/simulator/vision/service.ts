import { createHash } from 'node:crypto';
import { type Answer, isLoopback, type SimulatedRequest } from '../http/message.ts';
import { routerOf } from '../http/router.ts';
import type { Service, Simulation, Taken } from '../simulation.ts';
import { linkMaker } from '../storage/links.ts';
import type { VisionResource } from '../world/model.ts';
import type { VisionCall, VisionOperation } from './call.ts';
import { imageDeletionOperations } from './image-deletion.ts';
import { imageOperations } from './images.ts';
import { iterationOperations } from './iterations.ts';
import { predictionOperations } from './predictions.ts';
import { projectOperations } from './projects.ts';
import { gatewayAnswers, refusalAnswer, VisionRefusal } from './refusals.ts';
import { tagOperations } from './tags.ts';
import { trainedResultOperations } from './trained-results.ts';
import { atLeast, type VisionVersion, visionVersion } from './versions.ts';

/** Every operation of the Training API that is simulated. */
export const visionOperations: readonly VisionOperation[] = [
  ...projectOperations,
  ...iterationOperations,
  ...trainedResultOperations,
  ...tagOperations,
  ...imageOperations,
  ...imageDeletionOperations,
  ...predictionOperations,
];

const audiences = ['https://cognitiveservices.azure.com'];
const find = routerOf(visionOperations);

/** Custom Vision Training on the endpoint hosts of the world's resources; called directly, on loopback. */
export const visionService: Service = {
  name: 'custom vision',
  take: (request, simulation) => {
    const [, version, rest] = /^\/+customvision\/(v[^/]+)\/training(\/.*)?$/i.exec(request.path) ?? [];
    const mine = simulation.world.resources.some(({ host }) => host === request.host);
    if (!mine && !(isLoopback(request.host) && version !== undefined)) return undefined;
    return takeOperation(simulation, request, { version: visionVersion(version ?? ''), rest: rest ?? '' });
  },
};

interface Target {
  readonly version: VisionVersion | undefined;
  readonly rest: string;
}

function takeOperation(simulation: Simulation, { method }: SimulatedRequest, { version, rest }: Target): Taken {
  const match = find(method, rest);
  if (version === undefined || !match || !atLeast(version, match.entry.since)) {
    return { operation: '<unknown>', answer: () => withRequestId(gatewayAnswers.unknownOperation()) };
  }
  const { entry: operation, parameters } = match;
  return {
    operation: operation.name,
    answer: (sent) => {
      const gate = passGateway(simulation, sent);
      if (gate.resource === undefined) return withRequestId(gatewayAnswers.accessDenied());
      const wait = simulation.rateLimiter?.(gate.caller) ?? 0;
      if (wait > 0) return withRequestId(gatewayAnswers.tooManyCalls(operation.name, version, wait));
      const { world } = simulation;
      const links = linkMaker({ world, request: sent, port: simulation.port(), now: simulation.now() });
      const call: VisionCall = { request: sent, world, resource: gate.resource, version, links };
      return withRequestId(handled(() => operation.handle(call, parameters)));
    },
  };
}

interface Gate {
  readonly resource: VisionResource | undefined;
  /** Whose calls are counted together. */
  readonly caller: string;
}

/** The resource that the caller's key or token opens; a key of another resource on the same host opens that one. */
function passGateway({ world, tokens }: Simulation, { host, headers }: SimulatedRequest): Gate {
  const here = world.resources.filter((resource) => resource.host === host || isLoopback(host));
  const key = headers['training-key'];
  if (key !== undefined)
    return { resource: here.find(({ keys }) => keys.some((own) => own === key)), caller: String(key) };
  const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined || !tokens.accepts(token, audiences)) return { resource: undefined, caller: '' };
  return { resource: here.find(({ acceptsTokens }) => acceptsTokens), caller: digestOf(token) };
}

function handled(handle: () => Answer): Answer {
  try {
    return handle();
  } catch (error) {
    if (error instanceof VisionRefusal) return refusalAnswer(error);
    throw error;
  }
}

/** Headers that every recorded answer carries. */
function withRequestId(answer: Answer): Answer {
  const common = {
    'apim-request-id': crypto.randomUUID(),
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains; preload',
    'X-Content-Type-Options': 'nosniff',
  };
  return { ...answer, headers: { ...common, ...answer.headers } };
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
