import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { azureMark, isLoopback } from '../domain/machine.ts';

/**
 * The gateway's URL when it is one that may be used: plain http on this very machine, nothing after the port.
 * @throws Error otherwise. The sentence doesn't quote the value.
 */
export function loopbackGateway(gateway: URL): URL {
  const bare = gateway.pathname === '/' && gateway.search === '' && gateway.hash === '' && gateway.username === '';
  if (gateway.protocol !== 'http:' || !isLoopback(gateway.hostname) || !bare || gateway.password !== '') {
    throw new Error('UPSTREAM_GATEWAY must be http://127.0.0.1:PORT, or another loopback address, and nothing more.');
  }
  return gateway;
}

/**
 * The gateway that `UPSTREAM_GATEWAY` names; undefined when it names none.
 * @throws Error when it isn't on loopback, or when the environment is that of a machine of Azure's.
 */
export function gatewayFrom(environment: Readonly<Record<string, string | undefined>>): URL | undefined {
  const text = environment.UPSTREAM_GATEWAY;
  if (text === undefined || text === '') return undefined;
  const mark = azureMark(environment);
  if (mark !== undefined) throw new Error(`UPSTREAM_GATEWAY is for local use only, but ${mark} is set: this is Azure.`);
  if (!URL.canParse(text)) throw new Error('UPSTREAM_GATEWAY is not a URL.');
  return loopbackGateway(new URL(text));
}

/**
 * Sends every request to the gateway, the real host in `X-Forwarded-Host`, path and query untouched. Must be the last policy: what
 * stands before it (sign-in above all) sees the real URL.
 * @throws Error at once unless the gateway is on loopback.
 */
export function gatewayPolicy(gateway: URL): PipelinePolicy {
  const { origin } = loopbackGateway(gateway);
  return {
    name: 'gateway',
    async sendRequest(request, next) {
      const real = request.url;
      const { host, pathname, search } = new URL(real);
      request.headers.set('X-Forwarded-Host', host);
      request.url = `${origin}${pathname}${search}`;
      request.allowInsecureConnection = true;
      try {
        return await next(request);
      } finally {
        // A policy above may send the request again.
        request.url = real;
        request.allowInsecureConnection = false;
      }
    },
  };
}
