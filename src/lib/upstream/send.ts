import { isInferred, type Operation, verbOf } from '../catalog/operation.ts';
import type { Target } from '../domain/target.ts';
import type { Verdict } from '../plan/verdict.ts';
import { ask, type Settings, signedLink } from './ask.ts';
import { repeatOf } from './attempts.ts';
import { type Call, callUrl } from './call-url.ts';
import type { Answer, Outgoing } from './exchange.ts';
import { MalformedAnswer } from './failure.ts';
import { pollOf } from './long-running.ts';

/** A call with all its parameters, and the base URL below which its operation stands. */
export interface PlacedCall {
  readonly target: Target;
  readonly call: Call;
  readonly base: string;
}

/** Sends one call. A 202 of an operation that runs on says where its outcome is asked for. */
export function send(settings: Settings, placed: PlacedCall): Promise<Verdict<unknown>> {
  const { target, call, base } = placed;
  const { operation } = call;
  const outgoing = outgoingOf(placed, callUrl(base, call));
  return ask(settings, { outgoing, repeat: repeatOf(operation) }, (answer) => {
    if (operation.goneIs204 && answer.status === 204) return { kind: 'absent' };
    const verdict = documentOf(operation, answer);
    if (verdict.kind !== 'ok' || !operation.longRunning) return verdict;
    const follow = (text: string) => signedLink(settings, target, { text, from: outgoing.url })?.href;
    return { ...verdict, ...pollOf(answer, settings.clock.now(), follow) };
  });
}

/** The request of a call at `url`; `body` over the call's own. */
export function outgoingOf({ target, call }: PlacedCall, url: string, body: unknown = call.body): Outgoing {
  const { operation, route } = call.operation;
  const verb = verbOf(route);
  const template = route.slice(verb.length + 1);
  const guessed = isInferred(call.operation) ? { mayBeText: true as const } : {};
  return { target, name: operation, verb, url, template, ...guessed, ...(body === undefined ? {} : { body }) };
}

/**
 * The document in an answer; undefined where none is due. That there is no content isn't what any document says of a GET: it is neither
 * a document nor the news that there is none.
 * @throws MalformedAnswer when a GET is answered with an empty body.
 */
export function documentOf(operation: Operation, { status, value }: Answer): Verdict<unknown> {
  if (value !== undefined || verbOf(operation.route) !== 'GET') return { kind: 'ok', value };
  if (status !== 204) throw new MalformedAnswer('the answer is empty');
  return { kind: 'refused', status, code: 'NoContent', reason: `${operation.operation}: 204` };
}
