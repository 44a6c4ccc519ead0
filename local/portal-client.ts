import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import {
  type Accepted,
  acceptedSchema,
  cancelledSchema,
  decidedSchema,
  type Health,
  healthSchema,
  type PackageListing,
  packageSchema,
  type RequestPage,
  type RequestStatus,
  requestPageSchema,
  requestStatusSchema,
} from '../src/lib/api/answers.ts';
import { type Problem, problemSchema } from '../src/lib/api/problems.ts';
import type { DecisionOrder } from '../src/lib/domain/orders.ts';
import { type Plan, planSchema } from '../src/lib/domain/plan.ts';
import { type Receipt, receiptSchema } from '../src/lib/domain/receipt.ts';
import type { submissionSchema } from '../src/lib/domain/request.ts';

/** An answer outside 200 to 299. `problem` is undefined where the body wasn't problem+json. */
export class PortalRefusal extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;
  constructor(call: string, status: number, problem: Problem | undefined) {
    const said = problem ? `${problem.title} ${problem.detail ?? ''}`.trim() : 'no reason given';
    super(`${call} answered ${status}: ${said}`);
    this.name = 'PortalRefusal';
    this.status = status;
    this.problem = problem;
  }
}

export type Submission = z.input<typeof submissionSchema>;

/** Calls to the app's HTTP API, as a portal makes them. Each throws PortalRefusal, and ZodError for an answer that isn't as documented. */
export interface PortalClient {
  health(): Promise<Health>;
  submit(submission: Submission, idempotencyKey?: string): Promise<Accepted>;
  request(requestId: string): Promise<RequestStatus>;
  /** @param query `state`, `action`, `limit`, `continuation`. */
  list(query?: Readonly<Record<string, string>>): Promise<RequestPage>;
  plan(requestId: string): Promise<Plan>;
  decide(requestId: string, order: DecisionOrder): Promise<z.infer<typeof decidedSchema>>;
  cancel(requestId: string, reason: string): Promise<z.infer<typeof cancelledSchema>>;
  package(requestId: string): Promise<PackageListing>;
  receipt(requestId: string): Promise<Receipt>;
  /** NDJSON, one line for each move. */
  journal(requestId: string): Promise<string>;
  /** Streams what an `href` of the API leads to into a file. */
  download(href: string, file: string): Promise<void>;
}

export interface PortalAccess {
  /** `http://127.0.0.1:PORT`, without `/api`. */
  readonly url: string;
  /** A function key; in local mode its name is the actor of every call. */
  readonly key: string;
  /** Gets the bearer token for a call, where the app asks for one. */
  readonly token?: () => Promise<string>;
}

/** A client with one key. Nothing is sent until a method is called. */
export function portalClient(access: PortalAccess): PortalClient {
  const of = (requestId: string, rest = '') => `/api/requests/${encodeURIComponent(requestId)}${rest}`;
  const get = async (path: string) => (await call(access, path)).json();
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    (await call(access, path, { method: 'POST', body: JSON.stringify(body), headers })).json();
  return {
    health: async () => healthSchema.parse(await get('/api/health')),
    submit: async (submission, key) =>
      acceptedSchema.parse(
        await post('/api/requests', submission, key === undefined ? {} : { 'idempotency-key': key }),
      ),
    request: async (id) => requestStatusSchema.parse(await get(of(id))),
    list: async (query = {}) => requestPageSchema.parse(await get(`/api/requests?${new URLSearchParams(query)}`)),
    plan: async (id) => planSchema.parse(await get(of(id, '/plan'))),
    decide: async (id, order) => decidedSchema.parse(await post(of(id, '/decision'), order)),
    cancel: async (id, reason) => cancelledSchema.parse(await post(of(id, '/cancel'), { reason })),
    package: async (id) => packageSchema.parse(await get(of(id, '/package'))),
    receipt: async (id) => receiptSchema.parse(await get(of(id, '/receipt'))),
    journal: async (id) => (await call(access, of(id, '/journal'))).text(),
    download: async (href, file) => {
      const { body } = await call(access, href);
      await pipeline(body ? Readable.fromWeb(body) : Readable.from([]), createWriteStream(file));
    },
  };
}

interface Sent {
  readonly method: 'POST';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function call({ url, key, token }: PortalAccess, path: string, sent?: Sent): Promise<Response> {
  const bearer = token && { authorization: `Bearer ${await token()}` };
  const headers = {
    'x-functions-key': key,
    ...bearer,
    ...(sent && { 'content-type': 'application/json', ...sent.headers }),
  };
  const response = await fetch(`${url}${path}`, { ...sent, headers });
  if (response.ok) return response;
  const text = await response.text();
  throw new PortalRefusal(`${sent?.method ?? 'GET'} ${path}`, response.status, problemIn(text));
}

function problemIn(text: string): Problem | undefined {
  try {
    return problemSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
