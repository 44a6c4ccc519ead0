import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type SendRequest,
} from '@azure/core-rest-pipeline';
import type { Branch } from '../catalog/family.ts';
import type { Target } from '../domain/target.ts';
import { readErrorCode } from './answer.ts';
import { mayCarrySecret } from './api-hosts.ts';
import { SignInFailed } from './failure.ts';

/** Where secrets come from. `secret`: the value of an app setting. */
export interface SignInSources {
  readonly credential: TokenCredential;
  readonly secret: (settingName: string) => string | undefined;
  /** The catalogue's own when absent. */
  readonly branches?: readonly Branch[];
}

/**
 * Signs a request to the target, and only to the target: a URL on any other host is a defect and throws before any secret is read.
 * The request fails with {@link SignInFailed} when there is no key or no token.
 */
export function signInPolicy(target: Target, sources: SignInSources): PipelinePolicy {
  const { signIn } = target;
  const inner =
    signIn.kind === 'key'
      ? keyPolicy(() => sources.secret(signIn.setting))
      : tokenPolicy(sources.credential, signIn.scope);
  return {
    name: inner.name,
    sendRequest(request, next) {
      if (!mayCarrySecret(target, request.url, sources.branches))
        throw new Error('A signed call was about to leave its own host.');
      return inner.sendRequest(request, next);
    },
  };
}

function keyPolicy(key: () => string | undefined): PipelinePolicy {
  return {
    name: 'trainingKey',
    sendRequest(request, next) {
      const value = key();
      if (value === undefined || value === '') throw new SignInFailed('KeyNotSet', true);
      request.headers.set('Training-Key', value);
      return next(request);
    },
  };
}

/**
 * Signs with a token, which is kept until shortly before it expires. Where the target refuses it all the same, the credential is asked again, and
 * with another token the call is made once more; with the same one the refusal stands.
 */
function tokenPolicy(credential: TokenCredential, scope: string): PipelinePolicy {
  const fresh = () => bearerTokenAuthenticationPolicy({ scopes: scope, credential: told(credential) });
  let bearer = fresh();
  return {
    name: bearer.name,
    async sendRequest(request, next) {
      const used = bearer;
      const response = await used.sendRequest(request, next);
      if (response.status !== 401) return response;
      const refused = request.headers.get(AUTHORIZATION);
      // The first of those who are refused together forgets the token.
      if (bearer === used) bearer = fresh();
      return again(bearer, request, { response, isOther: () => request.headers.get(AUTHORIZATION) !== refused, next });
    },
  };
}

const AUTHORIZATION = 'authorization';

interface Refused {
  readonly response: PipelineResponse;
  readonly isOther: () => boolean;
  readonly next: SendRequest;
}

async function again(
  bearer: PipelinePolicy,
  request: PipelineRequest,
  { response, isOther, next }: Refused,
): Promise<PipelineResponse> {
  try {
    return await bearer.sendRequest(request, async (signed) => {
      if (!isOther()) return response;
      await readErrorCode(response);
      return next(signed);
    });
  } catch (error) {
    if (error instanceof SignInFailed) return response;
    throw error;
  }
}

/** The credential, whose failures are our own. */
const told = (credential: TokenCredential): TokenCredential => ({
  async getToken(scopes, options) {
    try {
      return await credential.getToken(scopes, options);
    } catch (error) {
      throw new SignInFailed('TokenNotGranted', isFinal(error));
    }
  },
});

/** `AuthenticationError` of @azure/identity with a 4xx: the identity service understood and said no. */
const isFinal = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'AuthenticationError' &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  error.statusCode >= 400 &&
  error.statusCode < 500 &&
  error.statusCode !== 429 &&
  error.statusCode !== 408;
