import { z } from 'zod';
import { isEnded, stateSchema } from '../../../src/lib/domain/lifecycle.ts';
import { decisionSchema } from '../../../src/lib/domain/request.ts';
import { until } from './until.ts';

/** What the API tells of a request, as far as tests look at it. */
const viewSchema = z.looseObject({
  requestId: z.string(),
  state: stateSchema,
  run: z.object({ n: z.number(), ended: z.boolean() }),
  plan: z.object({ revision: z.number(), hash: z.string() }).optional(),
  decision: decisionSchema.optional(),
  waitingFor: z.object({ target: z.string(), request: z.string() }).optional(),
  outcome: z.object({ event: z.string(), reason: z.string() }).optional(),
  tasks: z.array(z.looseObject({ taskId: z.string(), family: z.string(), target: z.string(), found: z.number() })),
  totals: z.looseObject({ found: z.number(), done: z.number() }),
});
export type View = z.infer<typeof viewSchema>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

export interface Order {
  readonly action: 'export' | 'delete';
  readonly targets: readonly string[] | 'all';
  readonly families?: readonly string[] | 'all';
  readonly dryRun?: boolean;
  readonly regulation?: 'gdpr' | 'ccpa';
  readonly erase?: 'each' | 'together';
  readonly exportFirst?: boolean;
  readonly callbackUrls?: readonly string[];
  /** `target` unless said otherwise. */
  readonly scope?: 'target' | 'subject';
  /** `SUBJECT` unless said otherwise. */
  readonly subject?: {
    readonly reference: string;
    readonly objectId?: string;
    readonly userPrincipalName?: string;
    readonly email?: string;
  };
}

/** The person that all requests of these tests are about: must stand in no blob but the record. */
export const SUBJECT = { reference: 'ticket-4711', email: 'grace.hopper@contoso.example' } as const;

const accepted = z.looseObject({ requestId: z.string() });

/** Talks to the app over HTTP with one function key, as a portal or an officer would. */
export class Portal {
  readonly #url: string;
  readonly #key: string;
  readonly #patient: boolean;

  /** @param patient asks again for what it reads while nobody answers: the app is being killed. */
  constructor(url: string, key: string, patient = false) {
    this.#url = url;
    this.#key = key;
    this.#patient = patient;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const ask = () => fetch(`${this.#url}/api${path}`, init);
    if (!this.#patient || init.method !== 'GET') return ask();
    return until(`an answer to GET ${path}`, async () => {
      const answered = await ask().catch(() => undefined);
      return answered && answered.status < 500 && answered;
    });
  }

  async call(method: string, path: string, sending: { body?: unknown; headers?: Record<string, string> } = {}) {
    const response = await this.#fetch(path, {
      method,
      headers: { 'x-functions-key': this.#key, 'content-type': 'application/json', ...sending.headers },
      ...(sending.body === undefined ? {} : { body: JSON.stringify(sending.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : text } as Reply;
  }

  /** The bytes of a document. @throws unless it is answered 200. */
  async bytes(path: string): Promise<Buffer> {
    const response = await this.#fetch(path, { method: 'GET', headers: { 'x-functions-key': this.#key } });
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  submission(order: Order): unknown {
    return { subject: SUBJECT, scope: 'target', ...order };
  }

  submit(order: Order, headers: Record<string, string> = {}): Promise<Reply> {
    return this.call('POST', '/requests', { body: this.submission(order), headers });
  }

  /** Submits and gives the id. @throws unless it is answered 202. */
  async begin(order: Order): Promise<string> {
    const reply = await this.submit(order);
    if (reply.status !== 202) throw new Error(`Submitting was answered ${reply.status}: ${JSON.stringify(reply.json)}`);
    return accepted.parse(reply.json).requestId;
  }

  async view(id: string): Promise<View> {
    return viewSchema.parse((await this.call('GET', `/requests/${id}`)).json);
  }

  /** Waits until the request is as wished. */
  async waitFor(id: string, wished: (view: View) => boolean): Promise<View> {
    let last: View | undefined;
    return until(
      () => `${wished.toString()} for ${JSON.stringify(last)}`,
      async () => {
        // While a killed worker is replaced nobody answers.
        const view = await this.view(id).catch(() => undefined);
        last = view ?? last;
        return view && wished(view) ? view : undefined;
      },
    );
  }

  ended(id: string): Promise<View> {
    return this.waitFor(id, (view) => isEnded(view.state));
  }

  awaitingDecision(id: string, revision = 1): Promise<View> {
    return this.waitFor(
      id,
      (view) => isEnded(view.state) || (view.state === 'awaiting-decision' && view.plan?.revision === revision),
    );
  }

  decide(id: string, decision: 'approve' | 'reject', planHash: string | undefined): Promise<Reply> {
    return this.call('POST', `/requests/${id}/decision`, { body: { decision, planHash } });
  }

  cancel(id: string): Promise<Reply> {
    return this.call('POST', `/requests/${id}/cancel`, { body: { reason: 'It was withdrawn.' } });
  }
}
