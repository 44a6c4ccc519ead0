import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { verbOf } from '../catalog/operation.ts';
import type { Clock } from '../domain/clock.ts';
import type { Target } from '../domain/target.ts';
import { type Judgement, judge, type Verdict } from '../plan/verdict.ts';
import { ANSWER_LIMIT_BYTES, errorCode, parseJson, readBody } from './answer.ts';
import type { Call } from './call-url.ts';
import { withDeadline } from './deadline.ts';
import { MalformedAnswer, verdictOfError } from './failure.ts';
import type { Pace } from './pace.ts';
import type { Pipelines } from './pipelines.ts';

export interface ExchangeOptions {
  readonly pipelines: Pipelines;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly callSeconds: number;
  readonly answerLimitBytes?: number;
}

/** One request of one call: where it goes and what it asks. */
export interface Outgoing {
  readonly target: Target;
  readonly call: Call;
  readonly url: string;
}

interface Received {
  readonly response: PipelineResponse;
  readonly body: Uint8Array;
}

/** Any status code: bodies are always read here, where their length is bounded. */
export const EVERY_STATUS: ReadonlySet<number> = new Set([Number.POSITIVE_INFINITY]);

/** Sends one request when the target's pace lets it go, and says what came of it. Throws for defects only. */
export async function exchange(options: ExchangeOptions, outgoing: Outgoing): Promise<Verdict<unknown>> {
  const { clock, pace, callSeconds } = options;
  const { operation } = outgoing.call;
  const turn = await pace.take(outgoing.target);
  if (turn.kind === 'later') {
    const reason = `${operation.operation}: the target's quota is used up`;
    return { kind: 'busy', until: turn.at, reason, told: true, untouched: true };
  }
  try {
    const received = await withDeadline(callSeconds, (signal) => receive(options, outgoing, signal));
    return await interpret(options, outgoing, received);
  } catch (error) {
    return verdictOfError(error, operation.operation, clock.now());
  }
}

async function receive(options: ExchangeOptions, outgoing: Outgoing, signal: AbortSignal): Promise<Received> {
  const { target, call, url } = outgoing;
  const request = createPipelineRequest({
    url,
    method: verbOf(call.operation.route),
    headers: createHttpHeaders({ accept: 'application/json' }),
    abortSignal: signal,
    streamResponseStatusCodes: new Set(EVERY_STATUS),
  });
  if (call.body !== undefined) {
    request.body = JSON.stringify(call.body);
    request.headers.set('content-type', 'application/json');
  }
  const response = await options.pipelines.signed(target, request);
  return { response, body: await readBody(response, options.answerLimitBytes ?? ANSWER_LIMIT_BYTES) };
}

async function interpret(options: ExchangeOptions, outgoing: Outgoing, received: Received): Promise<Verdict<unknown>> {
  const { response, body } = received;
  const { operation } = outgoing.call;
  const code = errorCode(response, body);
  const judgement = judge({ status: response.status, headers: response.headers, code }, options.clock.now());
  if (judgement.kind === 'ok') {
    const value = parseJson(response, body);
    if (value === undefined && verbOf(operation.route) === 'GET') throw new MalformedAnswer('the answer is empty');
    return { kind: 'ok', value };
  }
  if (judgement.kind === 'busy' && concernsAll(response.status, judgement.told === true)) {
    await options.pace.pause(outgoing.target, judgement.until);
  }
  return verdictOf(judgement, { status: response.status, code, operation: operation.operation });
}

/** Whether a busy answer is about the target as a whole, so that nobody should call it before then. */
const concernsAll = (status: number, told: boolean): boolean => status === 429 || (status === 503 && told);

/** A verdict that isn't ok, with its reason: operation, status and code, nothing else. */
export function verdictOf(
  judgement: Exclude<Judgement, { kind: 'ok' }>,
  facts: { status: number; code: string | undefined; operation: string },
): Exclude<Verdict<never>, { kind: 'ok' }> {
  const code = facts.code ?? String(facts.status);
  const reason = `${facts.operation}: ${facts.status} ${facts.code ?? ''}`.trimEnd();
  if (judgement.kind === 'busy') return { ...judgement, reason };
  if (judgement.kind === 'absent') return { kind: 'absent' };
  return { kind: 'refused', status: facts.status, code, reason };
}
