import { isRestError } from '@azure/core-rest-pipeline';
import { addSeconds } from '../domain/clock.ts';
import { DEFAULT_WAIT, type Verdict } from '../plan/verdict.ts';

/** An answer that broke off, or isn't what it says it is. `fact` is a fixed sentence, never a part of the answer. */
export class MalformedAnswer extends Error {
  readonly fact: string;

  constructor(fact: string) {
    super('An answer from upstream could not be read.');
    this.name = 'MalformedAnswer';
    this.fact = fact;
  }
}

/** An answer's body is longer than what is read of it. */
export class AnswerTooLarge extends Error {
  constructor() {
    super('An answer from upstream is longer than the limit.');
    this.name = 'AnswerTooLarge';
  }
}

/** Nothing came for too long. */
export class DeadlinePassed extends Error {
  constructor() {
    super('Upstream did not answer in time.');
    this.name = 'DeadlinePassed';
  }
}

/** Signing in failed. `final`: the identity service said no, or there is no key. Carries no message of the identity service: it may name tenants and people. */
export class SignInFailed extends Error {
  readonly code: string;
  readonly final: boolean;

  constructor(code: string, final: boolean) {
    super('Signing in to the target failed.');
    this.name = 'SignInFailed';
    this.code = code;
    this.final = final;
  }
}

/**
 * What a call that threw means: busy for everything that the network, the identity service or a broken answer can do, a sign-in that is
 * refused included, since an operator can put it right. Messages of errors are left out, since they quote URLs; their codes stay.
 * @throws the error itself when it is none of these: a defect.
 */
export function verdictOfError(error: unknown, operation: string, now: Date): Exclude<Verdict<never>, { kind: 'ok' }> {
  if (error instanceof AnswerTooLarge) {
    const reason = `${operation}: the answer is longer than the limit`;
    return { kind: 'refused', status: 0, code: 'AnswerTooLarge', reason };
  }
  const fact = factOf(error);
  if (fact === undefined) throw error;
  const seconds = error instanceof SignInFailed && error.final ? DEFAULT_WAIT.signIn : DEFAULT_WAIT.failure;
  const busy = { kind: 'busy', until: addSeconds(now, seconds), reason: `${operation}: ${fact}` } as const;
  return error instanceof SignInFailed ? { ...busy, untouched: true } : busy;
}

/** What happened, in words of our own; undefined for an error that isn't about the network. */
export function factOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof SignInFailed) return `signing in failed, ${error.code}`;
  if (error instanceof MalformedAnswer) return error.fact;
  if (error instanceof DeadlinePassed || error.name === 'AbortError') return 'no answer in time';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!isRestError(error) && !NETWORK_CODE.test(code)) return undefined;
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? `network failure, ${code}` : 'network failure';
}

/** Codes of sockets, name resolution, TLS and the HTTP parser; Node's own ERR_ codes are defects but for a stream cut short. */
const NETWORK_CODE =
  /^(?:E(?!RR_)[A-Z]+|HPE_\w+|CERT_\w+|UNABLE_TO_\w+|ERR_STREAM_PREMATURE_CLOSE|ERR_TLS_\w+|ERR_SSL_\w+)$/;
