import {
  createDefaultHttpClient,
  createEmptyPipeline,
  type HttpClient,
  type Pipeline,
  type PipelineRequest,
  type PipelineResponse,
  setClientRequestIdPolicy,
} from '@azure/core-rest-pipeline';
import type { Target } from '../domain/target.ts';
import { apiHosts } from './api-hosts.ts';
import { gatewayPolicy } from './gateway.ts';
import { type SignInSources, signInPolicy } from './sign-in.ts';

/** How requests leave: signed for one target, or without any secret of ours. Redirects are followed by neither. */
export interface Pipelines {
  signed(target: Target, request: PipelineRequest): Promise<PipelineResponse>;
  unsigned(request: PipelineRequest): Promise<PipelineResponse>;
}

export interface PipelineOptions extends SignInSources {
  readonly gateway?: URL;
  readonly httpClient?: HttpClient;
}

/** @throws Error when the gateway isn't on loopback. */
export function createPipelines(options: PipelineOptions): Pipelines {
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const unsigned = pipelineWith(options.gateway);
  // One pipeline for each way to sign in: tokens are kept in it.
  const signed = new Map<string, Pipeline>();
  return {
    signed(target, request) {
      const key = JSON.stringify([target.kind, apiHosts(target, options.branches), target.signIn]);
      const pipeline = signed.get(key) ?? pipelineWith(options.gateway);
      if (!signed.has(key)) {
        pipeline.addPolicy(signInPolicy(target, options), { phase: 'Sign' });
        signed.set(key, pipeline);
      }
      return pipeline.sendRequest(httpClient, request);
    },
    unsigned: (request) => unsigned.sendRequest(httpClient, request),
  };
}

function pipelineWith(gateway: URL | undefined): Pipeline {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(setClientRequestIdPolicy());
  if (gateway) pipeline.addPolicy(gatewayPolicy(gateway), { afterPhase: 'Sign' });
  return pipeline;
}
