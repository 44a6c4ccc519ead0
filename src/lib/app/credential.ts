import type { TokenCredential } from '@azure/identity';

/**
 * The identity of the app, as `DefaultAzureCredential` finds it. Its package takes a fifth of a cold start, so it is loaded when the first
 * token is asked for: where everything is reached by keys, never.
 */
export function appCredential(): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, options) {
      made ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
      return (await made).getToken(scopes, options);
    },
  };
}
