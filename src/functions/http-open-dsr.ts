import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type RequestId, requestIdSchema } from '../lib/domain/ids.ts';
import { type OpenDsrProcessor, type OpenDsrVersion, openDsrOrderSchema } from '../lib/domain/open-dsr.ts';
import { ROLES } from '../lib/domain/roles.ts';
import { discoveryAnswer, receivedAnswer, statusAnswer, withdrawnAnswer } from '../lib/steps/open-dsr/answers.ts';
import { findOpenDsr, takeOpenDsr, withdrawOpenDsr } from '../lib/steps/open-dsr/open-dsr.ts';
import { decodeJson, isJson, readBody } from './http-body.ts';
import { type Call, type Route, registerRoute } from './http-edge.ts';
import { notSpoken, notThere, refusal, signed } from './open-dsr-shape.ts';

/** A call in one version of the standard. */
interface Dsr extends Call {
  readonly processor: OpenDsrProcessor;
  readonly version: OpenDsrVersion;
}

type Answer = (dsr: Dsr) => Promise<HttpResponseInit>;

const discovery: Answer = async (dsr) => signed(dsr, 200, discoveryAnswer(dsr.processor, dsr.version));

type Body =
  | { readonly kind: 'body'; readonly bytes: Uint8Array; readonly value: unknown }
  | { readonly kind: 'refused'; readonly response: HttpResponseInit };

/** The JSON that a call brings, in bounds, or the refusal of it. */
async function bodyOf(dsr: Dsr, { mayBeAbsent = false } = {}): Promise<Body> {
  const refused = (status: number, message: string): Body => ({
    kind: 'refused',
    response: refusal(dsr, status, [{ reason: 'body', message }]),
  });
  const read = await readBody(dsr.request);
  if (read.kind === 'refused') {
    return refused(read.response.status, read.why === 'too-slow' ? 'did not come in time' : 'is larger than 64 KiB');
  }
  const isAbsent = mayBeAbsent && read.bytes.length === 0;
  const decoded = isAbsent || isJson(dsr.request) ? decodeJson(read.bytes) : undefined;
  return decoded ? { kind: 'body', bytes: read.bytes, ...decoded } : refused(400, 'is not JSON');
}

/** The raw bytes are given back in the answer and kept nowhere. */
async function post(dsr: Dsr): Promise<HttpResponseInit> {
  const body = await bodyOf(dsr);
  if (body.kind === 'refused') return body.response;
  const order = openDsrOrderSchema.safeParse(body.value);
  if (!order.success) {
    const faults = order.error.issues.map(({ path, message }) => ({ reason: path.join('.') || 'body', message }));
    return refusal(dsr, 400, faults);
  }
  const { deps, actor, processor, version } = dsr;
  const taken = await takeOpenDsr(deps, processor, { order: order.data, version, actor });
  if (taken.kind === 'faults') return refusal(dsr, 400, taken.faults);
  return signed(dsr, 201, receivedAnswer(taken.record, Buffer.from(body.bytes).toString('base64')));
}

async function status(dsr: Dsr): Promise<HttpResponseInit> {
  const subjectRequestId = idIn(dsr.request);
  const record = subjectRequestId && (await findOpenDsr(dsr.deps, { subjectRequestId, actor: dsr.actor }));
  return record ? signed(dsr, 200, statusAnswer(record, dsr.processor)) : notThere(dsr);
}

async function withdraw(dsr: Dsr): Promise<HttpResponseInit> {
  const subjectRequestId = idIn(dsr.request);
  if (!subjectRequestId) return notThere(dsr);
  // The standard has no body here: of one that comes nothing is looked at but that it is in bounds.
  const body = await bodyOf(dsr, { mayBeAbsent: true });
  if (body.kind === 'refused') return body.response;
  const withdrawn = await withdrawOpenDsr(dsr.deps, { subjectRequestId, actor: dsr.actor });
  if (withdrawn === 'missing') return notThere(dsr);
  if (withdrawn === 'too-late') {
    return refusal(dsr, 400, [{ reason: 'request_status', message: 'is no longer pending' }]);
  }
  return signed(dsr, 202, withdrawnAnswer(withdrawn, dsr.deps.clock.now()));
}

const idIn = ({ params }: HttpRequest): RequestId | undefined => requestIdSchema.safeParse(params.id).data;

/** In one version of the standard, where the operator is set up for it. */
const spoken =
  (version: OpenDsrVersion, answer: Answer): Route['answer'] =>
  async (call) => {
    const processor = call.deps.openDsr;
    return processor ? answer({ ...call, processor, version }) : notSpoken();
  };

interface OpenDsrRoute extends Omit<Route, 'answer'> {
  readonly answer: Answer;
}

const ROUTES_2: readonly OpenDsrRoute[] = [
  { name: 'openDsrDiscovery', method: 'GET', path: 'opendsr/v2/discovery', roles: ROLES, answer: discovery },
  { name: 'openDsrSubmit', method: 'POST', path: 'opendsr/v2/requests', roles: ['Dsr.Submit'], answer: post },
  { name: 'openDsrStatus', method: 'GET', path: 'opendsr/v2/requests/{id}', roles: ['Dsr.Submit'], answer: status },
  {
    name: 'openDsrWithdraw',
    method: 'DELETE',
    path: 'opendsr/v2/requests/{id}',
    roles: ['Dsr.Submit'],
    answer: withdraw,
  },
];

const ROUTES_1: readonly OpenDsrRoute[] = [
  { name: 'openGdprDiscovery', method: 'GET', path: 'opendsr/v1/discovery', roles: ROLES, answer: discovery },
  { name: 'openGdprSubmit', method: 'POST', path: 'opendsr/v1/opengdpr_requests', roles: ['Dsr.Submit'], answer: post },
  {
    name: 'openGdprStatus',
    method: 'GET',
    path: 'opendsr/v1/opengdpr_requests/{id}',
    roles: ['Dsr.Submit'],
    answer: status,
  },
  {
    name: 'openGdprWithdraw',
    method: 'DELETE',
    path: 'opendsr/v1/opengdpr_requests/{id}',
    roles: ['Dsr.Submit'],
    answer: withdraw,
  },
];

/** The processor's side of OpenDSR 2.0 and of OpenGDPR 1.0 (docs/OPENDSR.md). */
export function registerOpenDsr(): void {
  for (const route of ROUTES_2) registerRoute({ ...route, answer: spoken('2.0', route.answer) });
  for (const route of ROUTES_1) registerRoute({ ...route, answer: spoken('1.0', route.answer) });
}
