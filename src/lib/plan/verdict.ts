import { addSeconds } from '../domain/clock.ts';

/** What an upstream answer means for the job. No branch joins two of these. */
export type Verdict<T> =
  | Done<T>
  | { readonly kind: 'absent' }
  | Busy
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly reason: string };

/**
 * Done, or begun: then `pollUrl` is where the outcome is asked for and `pollAfter` the moment before which nobody should.
 */
export interface Done<T> {
  readonly kind: 'ok';
  readonly value: T;
  readonly pollUrl?: string;
  readonly pollAfter?: Date;
}

/**
 * Not now: ask again at `until`. `told`: upstream itself named the moment; otherwise it is a default, and the caller lets it grow.
 * `untouched`: the call was turned away or never left, so it certainly changed nothing; otherwise it may have.
 */
export interface Busy {
  readonly kind: 'busy';
  readonly until: Date;
  readonly reason: string;
  readonly told?: true;
  readonly untouched?: true;
}

/** As much of an answer as the verdict rests on. `code`: the error code in the body or in a header. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly code?: string | undefined;
}

export type Judgement =
  | { readonly kind: 'ok' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused' }
  | Omit<Busy, 'reason'>;

/** Seconds to wait where upstream doesn't say: after a failure, after a 429, while something else is going on with the same thing, after a refused sign-in. */
export const DEFAULT_WAIT = { failure: 5, throttled: 1, inProgress: 30, signIn: 60 } as const;
/** A longer wait than a day is cut to a day: then it is asked again. */
const LONGEST_WAIT_SECONDS = 86_400;

const DONE: ReadonlySet<number> = new Set([200, 201, 202, 204]);
const GONE: ReadonlySet<number> = new Set([404, 410]);
/** Statuses with which a service says of something else than the item that it is in the way (contradictions.md, section 5). */
const IN_THE_WAY: ReadonlySet<number> = new Set([400, 409, 423]);
/** `Conflict` is Custom Vision's, the others are the resource manager's; `…InProgress` is everybody's. */
const IN_PROGRESS = /InProgress$|^(?:Conflict|RetryableError|OperationPreempted|AnotherOperation\w*)$/;
/** A 404 that speaks of the subscription behind the key, not of the item (CustomVisionErrorCodes, v3.3). */
const NOT_THE_ITEM: ReadonlySet<string> = new Set(['NotFoundApimSubscription']);

/**
 * The meaning of an answer, from its status, its error code and its `Retry-After`. Every status that isn't in the table is refused:
 * redirects too, since a signed call never follows one.
 */
export function judge(answer: Answer, now: Date): Judgement {
  const { status, code } = answer;
  if (DONE.has(status)) return { kind: 'ok' };
  if (GONE.has(status)) return { kind: code !== undefined && NOT_THE_ITEM.has(code) ? 'refused' : 'absent' };
  const told = retryAfter(answer.headers, now);
  const wait = (seconds: number): Omit<Busy, 'reason'> => ({
    kind: 'busy',
    until: told ?? addSeconds(now, seconds),
    ...(told ? { told: true } : {}),
  });
  // Whoever isn't let in at all may be later: the operator's affair, not the item's.
  if (status === 401) return { ...wait(DEFAULT_WAIT.signIn), untouched: true };
  if (status === 429) return { ...wait(DEFAULT_WAIT.throttled), untouched: true };
  if (status === 408 || status === 425 || status >= 500) return wait(DEFAULT_WAIT.failure);
  const inProgress = code !== undefined && IN_THE_WAY.has(status) && IN_PROGRESS.test(code);
  if (inProgress || (status === 409 && told)) return { ...wait(DEFAULT_WAIT.inProgress), untouched: true };
  return { kind: 'refused' };
}

/**
 * The moment that an answer names for the next try: `retry-after-ms`, `x-ms-retry-after-ms`, `Retry-After` in seconds or as an HTTP
 * date (RFC 9110, 10.2.3). Never before now, never more than a day away; undefined when there is none or it can't be read.
 */
export function retryAfter(headers: Answer['headers'], now: Date): Date | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const milliseconds = decimal(headers.get(name));
    if (milliseconds !== undefined) return within(milliseconds / 1000, now);
  }
  const text = headers.get('retry-after')?.trim();
  const seconds = decimal(text);
  if (seconds !== undefined) return within(seconds, now);
  const date = text !== undefined && /\bGMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : within((date - now.getTime()) / 1000, now);
}

const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number.parseFloat(text) : undefined;

const within = (seconds: number, now: Date): Date =>
  addSeconds(now, Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS));
