import { setTimeout as delay } from 'node:timers/promises';
import type { Verb } from '../catalog/operation.ts';
import { type Clock, secondsBetween } from '../domain/clock.ts';
import type { Verdict } from '../plan/verdict.ts';

export interface AttemptOptions {
  readonly clock: Clock;
  /** Tries after the first. */
  readonly retries: number;
  /** No try begins later than this after the first. */
  readonly callSeconds: number;
}

/** A wait up to this long is spent here; a longer one is the caller's. */
export const SHORT_WAIT_SECONDS = 5;

/**
 * Tries a call again after short waits while it is busy; a POST is tried once. A DELETE that finds nothing after a try whose answer was
 * lost stays busy, until now: that try may have erased it, and only the caller keeps account of such attempts.
 */
export async function withAttempts<T>(
  options: AttemptOptions,
  verb: Verb,
  once: () => Promise<Verdict<T>>,
): Promise<Verdict<T>> {
  const { clock } = options;
  const began = clock.now();
  let lost: string | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const verdict = await once();
    if (verdict.kind === 'absent' && verb === 'DELETE' && lost !== undefined) {
      return { kind: 'busy', until: clock.now(), reason: `${lost}, then nothing was there` };
    }
    if (verdict.kind !== 'busy') return verdict;
    const now = clock.now();
    const wait = secondsBetween(now, verdict.until);
    const spent = secondsBetween(began, now) + wait > options.callSeconds;
    if (verb === 'POST' || attempt >= options.retries || wait > SHORT_WAIT_SECONDS || spent) return verdict;
    if (!verdict.untouched) lost ??= verdict.reason;
    await delay(1000 * Math.max(0, verdict.told ? wait : Math.min(wait, backoffSeconds(attempt))));
  }
}

/** A quarter of a second, doubled each time, a bit off so that callers don't come back together. */
const backoffSeconds = (attempt: number): number => 0.25 * 2 ** attempt * (0.75 + Math.random() / 2);
