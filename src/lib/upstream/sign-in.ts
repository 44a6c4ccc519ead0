import type { TokenCredential } from '@azure/core-auth';
import { bearerTokenAuthenticationPolicy, type PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Branch } from '../catalog/family.ts';
import type { Target } from '../domain/target.ts';
import { mayCarrySecret } from './api-hosts.ts';

/** Where secrets come from. `secret`: the value of an app setting. */
export interface SignInSources {
  readonly credential: TokenCredential;
  readonly secret: (settingName: string) => string | undefined;
  /** The catalogue's own when absent. */
  readonly branches?: readonly Branch[];
}

/** Signing in failed. `final`: the identity service said no, or there is no key. Carries no message of the identity service: it may name tenants and people. */
export class SignInFailed extends Error {
  readonly code: string;
  readonly final: boolean;

  constructor(code: string, final: boolean) {
    super('Signing in to the target failed.');
    this.name = 'SignInFailed';
    this.code = code;
    this.final = final;
  }
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

const tokenPolicy = (credential: TokenCredential, scope: string): PipelinePolicy =>
  bearerTokenAuthenticationPolicy({
    scopes: scope,
    credential: {
      async getToken(scopes, options) {
        try {
          return await credential.getToken(scopes, options);
        } catch (error) {
          throw new SignInFailed('TokenNotGranted', isFinal(error));
        }
      },
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
