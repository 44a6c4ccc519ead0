import { type Answer, isLoopback, jsonAnswer, queryValue, type SimulatedRequest } from '../http/message.ts';
import type { Service, Simulation } from '../simulation.ts';

const path = '/msi/token';

/** The values of `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` for an app that signs in here. */
export function identitySettings(origin: string, seed: string): { readonly endpoint: string; readonly header: string } {
  return { endpoint: `${origin}${path}`, header: `identity-header-of-${seed}` };
}

/**
 * App Service's local endpoint of managed identities, api-version 2019-08-01
 * (learn.microsoft.com/azure/app-service/overview-managed-identity, "REST endpoint reference").
 */
export const identityService: Service = {
  name: 'identity',
  take: (request, simulation) =>
    isLoopback(request.host) && request.method === 'GET' && request.path.toLowerCase() === path
      ? { operation: 'IssueToken', answer: (sent) => issue(sent, simulation) }
      : undefined,
};

function issue(request: SimulatedRequest, simulation: Simulation): Answer {
  const { header } = identitySettings('', simulation.world.seed);
  if (request.headers['x-identity-header'] !== header) {
    return jsonAnswer(401, { statusCode: 401, message: 'The X-IDENTITY-HEADER is missing or wrong.' });
  }
  const resource = queryValue(request, 'resource');
  if (queryValue(request, 'api-version') !== '2019-08-01' || resource === undefined) {
    return jsonAnswer(400, { statusCode: 400, message: 'resource and api-version=2019-08-01 are required.' });
  }
  const { accessToken, expiresOn } = simulation.tokens.issue(resource);
  return jsonAnswer(200, {
    access_token: accessToken,
    expires_on: String(expiresOn),
    resource,
    token_type: 'Bearer',
    client_id: '00000000-0000-4000-a000-000000000001',
  });
}
