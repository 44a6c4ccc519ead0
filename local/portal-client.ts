import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Given, Told } from '../client/calls.ts';
import { type Access, apiClient } from '../client/client.ts';

export type Submission = Given<'submitRequest'>['body'];
type DecisionOrder = Given<'decideRequest'>['body'];
type Query = NonNullable<Given<'listRequests'>['query']>;

/** What a portal does, over the API's own client. Each method throws ApiRefusal, and ZodError for an answer that isn't as documented. */
export interface PortalClient {
  health(): Promise<Told<'health'>>;
  submit(submission: Submission, idempotencyKey?: string): Promise<Told<'submitRequest'>>;
  request(requestId: string): Promise<Told<'getRequest'>>;
  list(query?: Query): Promise<Told<'listRequests'>>;
  plan(requestId: string): Promise<Told<'getPlan'>>;
  decide(requestId: string, order: DecisionOrder): Promise<Told<'decideRequest'>>;
  cancel(requestId: string, reason: string): Promise<Told<'cancelRequest'>>;
  package(requestId: string): Promise<Told<'getPackage'>>;
  receipt(requestId: string): Promise<Told<'getReceipt'>>;
  /** NDJSON, one line for each move. */
  journal(requestId: string): Promise<string>;
  /** Streams what an `href` of the API leads to into a file. */
  download(href: string, file: string): Promise<void>;
}

/** A client with one key. Nothing is sent until a method is called. */
export function portalClient(access: Access): PortalClient {
  const api = apiClient(access);
  const of = (id: string) => ({ parts: { id } });
  return {
    health: () => api.call('health'),
    submit: (body, key) =>
      api.call('submitRequest', { body, ...(key !== undefined && { headers: { 'Idempotency-Key': key } }) }),
    request: (id) => api.call('getRequest', of(id)),
    list: (query = {}) => api.call('listRequests', { query }),
    plan: (id) => api.call('getPlan', of(id)),
    decide: (id, body) => api.call('decideRequest', { ...of(id), body }),
    cancel: (id, reason) => api.call('cancelRequest', { ...of(id), body: { reason } }),
    package: (id) => api.call('getPackage', of(id)),
    receipt: (id) => api.call('getReceipt', of(id)),
    journal: async (id) => (await api.open('getJournal', undefined, of(id))).text(),
    download: async (href, file) => {
      const { body } = await api.follow(href);
      await pipeline(body ? Readable.fromWeb(body) : Readable.from([]), createWriteStream(file));
    },
  };
}
