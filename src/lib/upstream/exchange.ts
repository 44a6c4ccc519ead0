import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpHeaders,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Verb } from '../catalog/operation.ts';
import { addSeconds, type Clock } from '../domain/clock.ts';
import type { Target } from '../domain/target.ts';
import type { Telemetry } from '../domain/telemetry.ts';
import type { Sight } from '../plan/breaker.ts';
import { type Judgement, judge, type Verdict } from '../plan/verdict.ts';
import { ANSWER_LIMIT_BYTES, errorCode, parseJson, readBody } from './answer.ts';
import { withDeadline } from './deadline.ts';
import { verdictOfError } from './failure.ts';
import type { Pace } from './pace.ts';
import type { Pipelines } from './pipelines.ts';
import { LOW_QUOTA_PAUSE_SECONDS, nearlyUsedUp } from './quota.ts';
import { sightOf, sightOfError } from './sight.ts';
import { toldCall } from './told-calls.ts';

/** Keeps account of how targets are. */
export interface Health {
  saw(target: string, sight: Sight): Promise<void>;
}

export interface ExchangeOptions {
  readonly pipelines: Pipelines;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly callSeconds: number;
  readonly answerLimitBytes?: number;
  /** Is told how each call has shown the target. */
  readonly health?: Health;
  readonly telemetry: Telemetry;
}

/** One request: where it goes and what it asks. `name` stands for it in reasons: the URL never does. */
export interface Outgoing {
  readonly target: Target;
  readonly name: string;
  readonly verb: Verb;
  readonly url: string;
  readonly body?: unknown;
  /** Nothing but inference says that the answer is JSON. */
  readonly mayBeText?: true;
  /** The path as the catalogue writes it, for those who watch: they are never told the URL. */
  readonly template?: string;
  /** How often it was sent before, within this call. */
  readonly resend?: number;
}

/** An answer with a 2xx status. `value`: the JSON in its body; undefined when the body is empty. */
export interface Answer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly value: unknown;
}

interface Received {
  readonly response: PipelineResponse;
  readonly body: Uint8Array;
}

/** Any status code: bodies are always read here, where their length is bounded. */
export const EVERY_STATUS: ReadonlySet<number> = new Set([Number.POSITIVE_INFINITY]);

/** Sends one request when the target's pace lets it go, and says what came of it. Throws for defects only. */
export async function exchange(options: ExchangeOptions, outgoing: Outgoing): Promise<Verdict<Answer>> {
  const { clock, pace, callSeconds, telemetry } = options;
  const turn = await pace.take(outgoing.target);
  if (turn.kind === 'later') {
    const reason = `${outgoing.name}: the target's quota is used up`;
    return { kind: 'busy', until: turn.at, reason, told: true, untouched: true };
  }
  try {
    const received = await toldCall(telemetry, outgoing, () =>
      withDeadline(callSeconds, (signal) => receive(options, outgoing, signal)),
    );
    await tell(options, outgoing, sightOf(received.response.status, outgoing));
    return await interpret(options, outgoing, received);
  } catch (error) {
    await tell(options, outgoing, sightOfError(error, outgoing));
    return verdictOfError(error, outgoing.name, clock.now());
  }
}

const tell = async ({ health }: ExchangeOptions, { target }: Outgoing, sight: Sight | undefined): Promise<void> =>
  sight && health?.saw(target.name, sight);

async function receive(options: ExchangeOptions, outgoing: Outgoing, signal: AbortSignal): Promise<Received> {
  const { target, url, verb, body } = outgoing;
  const request = createPipelineRequest({
    url,
    method: verb,
    headers: createHttpHeaders({ accept: 'application/json' }),
    abortSignal: signal,
    streamResponseStatusCodes: new Set(EVERY_STATUS),
  });
  if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers.set('content-type', 'application/json');
  }
  const response = await options.pipelines.signed(target, request);
  return { response, body: await readBody(response, options.answerLimitBytes ?? ANSWER_LIMIT_BYTES) };
}

async function interpret(options: ExchangeOptions, outgoing: Outgoing, received: Received): Promise<Verdict<Answer>> {
  const { response, body } = received;
  const { status, headers } = response;
  const now = options.clock.now();
  const code = status < 300 ? undefined : errorCode(response, body);
  const judgement = judge({ status, headers, code }, now);
  if (judgement.kind === 'busy' && concernsAll(status, judgement.told === true)) {
    await options.pace.pause(outgoing.target, judgement.until);
  } else if (nearlyUsedUp(headers)) {
    await options.pace.pause(outgoing.target, addSeconds(now, LOW_QUOTA_PAUSE_SECONDS));
  }
  return judgement.kind === 'ok'
    ? { kind: 'ok', value: { status, headers, value: parseJson(response, body, outgoing.mayBeText) } }
    : verdictOf(judgement, { status, code, operation: outgoing.name });
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
