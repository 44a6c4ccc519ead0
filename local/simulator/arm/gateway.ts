import { type Answer, jsonAnswer, queryValue, type SimulatedRequest } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { decoded } from '../http/router.ts';
import type { Simulation } from '../simulation.ts';
import type { ArmOperation } from './call.ts';

/** Audiences that the resource manager takes (contradictions.md, 16). */
export const armAudiences = ['https://management.azure.com', 'https://management.core.windows.net'];

/** Throws what the gateway refuses: no sign-in, a scope without rights, a group or version that doesn't exist. */
export function passGateway(
  simulation: Simulation,
  request: SimulatedRequest,
  operation: ArmOperation | undefined,
): void {
  checkSignIn(simulation, request);
  checkVersion(request, operation);
  checkScope(simulation, request);
  checkGroup(simulation, request);
  if (operation === undefined) {
    const message = `The resource type could not be found in the namespace of '${request.path}'.`;
    throw new Refusal(404, 'InvalidResourceType', message);
  }
}

/** The caller's token, or the 401 that a service of Azure ML gives. */
export function bearerOf(request: SimulatedRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function checkSignIn({ tokens }: Simulation, request: SimulatedRequest): void {
  const token = bearerOf(request);
  if (token === undefined) {
    const message = "Authentication failed. The 'Authorization' header is missing.";
    throw new Refusal(401, 'AuthenticationFailed', message);
  }
  if (!tokens.accepts(token, armAudiences)) {
    throw new Refusal(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
  }
}

/** A stray quote makes the version unreadable (contradictions.md, 1); a readable one must be served for the operation. */
function checkVersion(request: SimulatedRequest, operation: ArmOperation | undefined): void {
  const version = queryValue(request, 'api-version');
  if (version === undefined) {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.';
    throw new Refusal(400, 'MissingApiVersionParameter', message);
  }
  if (!/^\d{4}-\d\d-\d\d(-[a-z]+)?$/i.test(version)) {
    const supported = (operation?.apiVersions ?? []).join(', ');
    const message = `The api-version '${version}' is invalid. The supported versions are '${supported}'.`;
    throw new Refusal(400, 'InvalidApiVersionParameter', message);
  }
  const known = operation === undefined || operation.apiVersions.length === 0;
  if (!known && !operation.apiVersions.includes(version.toLowerCase())) {
    const message = `No registered resource provider found for API version '${version}'. The supported api-versions are '${operation.apiVersions.join(', ')}'.`;
    throw new Refusal(400, 'NoRegisteredProviderFound', message);
  }
}

function checkScope({ world }: Simulation, { method, path }: SimulatedRequest): void {
  const denied = world.learning.deniedScopes.some((scope) => path.toLowerCase().startsWith(scope.toLowerCase()));
  if (!denied) return;
  const action = method === 'DELETE' ? 'delete' : 'read';
  const message = `The client 'app-of-the-simulator' with object id 'app-of-the-simulator' does not have authorization to perform action '${action}' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  throw new Refusal(403, 'AuthorizationFailed', message);
}

function checkGroup({ world }: Simulation, { path }: SimulatedRequest): void {
  const [, subscription, , group] = /^\/+subscriptions\/([^/]+)(\/resourcegroups\/([^/]+))?/i.exec(path) ?? [];
  if (subscription === undefined) return;
  const { resourceGroups } = world.learning;
  const known = [...resourceGroups].some((key) => key.startsWith(`${subscription.toLowerCase()}/`));
  if (!known) {
    throw new Refusal(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  }
  if (group !== undefined && !resourceGroups.has(`${subscription}/${decoded(group)}`.toLowerCase())) {
    throw new Refusal(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
}

/** 429 of the resource manager. */
export function tooManyRequests(seconds: number): Answer {
  const wait = String(Math.max(1, Math.ceil(seconds)));
  const message = `The request is being throttled as the limit has been reached for operation type. For more information, see - https://aka.ms/arm-throttling`;
  return jsonAnswer(429, { error: { code: 'SubscriptionRequestsThrottled', message } }, { 'Retry-After': wait });
}
