import { Webhook } from 'standardwebhooks';
import { type CallbackAnswer, type CallbackPost, type CallbackWay, postCallback } from './callback-post.ts';

export interface CallbackOptions extends CallbackWay {
  /** Hosts, with a port where it isn't 443, that may be told. */
  readonly hosts: readonly string[];
  /** `whsec_…`; the first signs for today's receivers, the others for those who haven't changed theirs yet. */
  readonly secrets: readonly string[];
}

export interface Callbacks {
  /** Why a URL can't be told, as a sentence; undefined for one that can. */
  fault(url: string): string | undefined;
  /** Headers of Standard Webhooks over a body. @param id the same for every attempt. */
  sign(message: { readonly id: string; readonly at: Date; readonly body: string }): Record<string, string>;
  post(post: CallbackPost): Promise<CallbackAnswer>;
}

/** @throws Error for a secret that the library doesn't take. */
export function createCallbacks(options: CallbackOptions): Callbacks {
  const signers = options.secrets.map((secret) => new Webhook(secret));
  return {
    fault(url) {
      const { protocol, host } = new URL(url);
      if (protocol === 'http:' && !options.loopback) return 'must be https';
      return options.hosts.includes(host) ? undefined : 'is on a host that may not be called from here';
    },
    sign: ({ id, at, body }) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signers.map((signer) => signer.sign(id, at, body)).join(' '),
    }),
    post: (post) => postCallback(options, post),
  };
}
