import type { Clock } from '../domain/clock.ts';
import { FRESH_PACE, grantCalls, type PaceState } from '../store/gcra.ts';

/** Callers that are remembered at the same time; the one that was silent longest is forgotten first. */
const MOST_CALLERS = 10_000;

/** @returns undefined when the call may go on, else the whole seconds after which it would. */
export type RateLimit = (caller: string) => number | undefined;

/**
 * So many calls a minute for each caller, evenly spread, with a tenth of them at once. Counted in this process: it protects the instance
 * that does the work, and costs nothing. A count shared over instances would cost two storage operations a call, more than most calls
 * themselves; what must be kept across instances, the pace of the upstream services, is.
 */
export function rateLimit(perMinute: number, clock: Clock): RateLimit {
  const states = new Map<string, PaceState>();
  const limits = { perSecond: perMinute / 60, burst: Math.max(1, Math.ceil(perMinute / 10)) };
  return (caller) => {
    const now = clock.now().getTime();
    const { state, grant } = grantCalls(states.get(caller) ?? FRESH_PACE, limits, { now, calls: 1, horizonMs: 0 });
    if (grant.startAt > now) return Math.ceil((grant.startAt - now) / 1000);
    states.delete(caller);
    states.set(caller, state);
    const [oldest] = states.keys();
    if (states.size > MOST_CALLERS && oldest !== undefined) states.delete(oldest);
    return undefined;
  };
}
