import { setTimeout as delay } from 'node:timers/promises';
import { type Operation, verbOf } from '../catalog/operation.ts';
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

/** Whether a call may be tried again by itself: `read` changes nothing, `erase` ends the same however often, `once` never. */
export type Repeat = 'read' | 'erase' | 'once';

/** A POST is tried once, unless it is a query. */
export function repeatOf(operation: Operation): Repeat {
  if (operation.paging?.by === 'query-token') return 'read';
  const verb = verbOf(operation.route);
  return verb === 'GET' ? 'read' : verb === 'DELETE' ? 'erase' : 'once';
}

/**
 * Tries a call again after short waits while it is busy. An erasure that finds nothing, or is refused, after a try whose answer was lost
 * stays busy, until now: that try may have erased it, and only the caller keeps account of such attempts.
 */
export async function withAttempts<T>(
  options: AttemptOptions,
  repeat: Repeat,
  once: () => Promise<Verdict<T>>,
): Promise<Verdict<T>> {
  const { clock } = options;
  const began = clock.now();
  let lost: string | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const verdict = await once();
    if (verdict.kind !== 'busy') {
      if (verdict.kind === 'ok' || repeat !== 'erase' || lost === undefined) return verdict;
      const then = verdict.kind === 'absent' ? 'nothing was there' : verdict.reason;
      return { kind: 'busy', until: clock.now(), reason: `${lost}, then ${then}` };
    }
    const now = clock.now();
    const wait = secondsBetween(now, verdict.until);
    const spent = secondsBetween(began, now) + wait > options.callSeconds;
    if (repeat === 'once' || attempt >= options.retries || wait > SHORT_WAIT_SECONDS || spent) return verdict;
    if (!verdict.untouched) lost ??= verdict.reason;
    await delay(1000 * Math.max(0, verdict.told ? wait : Math.min(wait, backoffSeconds(attempt))));
  }
}

/** A quarter of a second, doubled each time, a bit off so that callers don't come back together. */
const backoffSeconds = (attempt: number): number => 0.25 * 2 ** attempt * (0.75 + Math.random() / 2);
