import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallLog } from './calls.ts';
import { answerInstead, distortAnswer, distortRequest, harmsContent } from './faults/distort.ts';
import type { Fault } from './faults/rules.ts';
import type { FaultScript, Strike } from './faults/script.ts';
import { type Answer, jsonAnswer, type SimulatedRequest } from './http/message.ts';
import { receive } from './http/receive.ts';
import { send } from './http/transport.ts';
import type { PendingEffects } from './pending.ts';
import { controlOperation, type Service, type Simulation, type Taken } from './simulation.ts';

/** An answer as it left a service, with the call it belongs to. */
export interface ObservedAnswer {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly operation: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body if it is JSON. */
  readonly json?: unknown;
  /** The fault that was played; what it made of the answer is not checked against anything. */
  readonly fault?: Fault['kind'];
}

export interface Dispatch {
  readonly simulation: Simulation;
  readonly services: readonly Service[];
  readonly faults: FaultScript;
  readonly calls: CallLog;
  readonly pending: PendingEffects;
  readonly log?: (line: string) => void;
  readonly onAnswer?: (answer: ObservedAnswer) => void;
}

/** Answers each request: the service of its host, through the fault script. */
export function dispatcher(parts: Dispatch): (incoming: IncomingMessage, response: ServerResponse) => void {
  return (incoming, response) => {
    answerOne(parts, incoming, response).catch((error: unknown) => {
      console.error('simulator: defect while answering', incoming.method, incoming.url, error);
      response.destroy();
    });
  };
}

async function answerOne(parts: Dispatch, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await receive(incoming);
  const taken = takenBy(parts, request);
  if (taken.operation === controlOperation) return send(response, taken.answer(request), undefined);
  const now = parts.simulation.now();
  parts.pending.tick(now);
  const { method, host, path, query } = request;
  const { operation } = taken;
  const strike = parts.faults.next({ method, host, operation, pathAndQuery: `${path}?${query}` });
  const { answer, fault } = decide(taken, request, { strike, now });
  if (answer.effect) parts.pending.take(answer.effect);
  const status = fault?.kind === 'resetBeforeAnswer' || fault?.kind === 'resetAfterEffect' ? 0 : answer.status;
  const played = fault && { fault: fault.kind };
  parts.calls.record({ at: now, method, host, path, query: query.toString(), operation, status, ...played });
  parts.log?.(`${method} ${host}${path} ${operation} ${status}${fault ? ` fault ${fault.kind}` : ''}`);
  const json = answer.body && 'json' in answer.body ? { json: answer.body.json } : {};
  parts.onAnswer?.({ method, host, path, operation, status, headers: answer.headers, ...json, ...played });
  await send(response, answer, fault);
}

/** The one service that has the host; a host that nobody has is an error of the caller, told as plainly as possible. */
function takenBy(parts: Dispatch, request: SimulatedRequest): Taken {
  for (const service of parts.services) {
    const taken = service.take(request, parts.simulation);
    if (taken) return taken;
  }
  const message = `The simulator has no service at ${request.host}${request.path}`;
  return { operation: '<no service>', answer: () => jsonAnswer(502, { error: { code: 'NoSuchService', message } }) };
}

interface Circumstances {
  readonly strike: Strike | undefined;
  readonly now: number;
}

/** The answer, and the fault that is in it: one that changes nothing of this call is none. */
function decide(
  taken: Taken,
  request: SimulatedRequest,
  { strike, now }: Circumstances,
): { answer: Answer; fault: Fault | undefined } {
  const fault = strike?.fault;
  if (fault?.kind === 'resetBeforeAnswer') return { answer: { status: 0, headers: {} }, fault };
  const instead = fault && answerInstead(fault, request);
  if (instead) return { answer: instead, fault };
  const asked = distortRequest(fault, request);
  const own = taken.answer(asked);
  const answer = distortAnswer(fault, own, { request, now });
  if (fault && harmsContent(fault) && asked === request && answer === own) {
    strike.missed();
    return { answer, fault: undefined };
  }
  return { answer, fault };
}
