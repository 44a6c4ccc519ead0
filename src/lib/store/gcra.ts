/**
 * Virtual scheduling (the generic cell rate algorithm): one number remembers all that was granted. Times are milliseconds since the
 * epoch.
 */
export interface PaceState {
  /** Theoretical arrival time: when the next call would come if all came evenly. */
  readonly tat: number;
  /** Upstream asked to be left alone until then. */
  readonly pausedUntil: number;
}

export interface PaceLimits {
  readonly perSecond: number;
  /** Calls that may come at once after a silence; at least 1. */
  readonly burst: number;
}

/** `calls` calls may go: the first `atOnce` at `startAt`, each further one `intervalMs` after the one before. */
export interface Grant {
  readonly startAt: number;
  readonly atOnce: number;
  readonly intervalMs: number;
  readonly calls: number;
}

export interface Ask {
  readonly now: number;
  readonly calls: number;
  /** One call is always granted; more only as far as they go within this time from now: what isn't used is lost. */
  readonly horizonMs: number;
}

export const FRESH_PACE: PaceState = { tat: 0, pausedUntil: 0 };

/**
 * Grants one to `calls` calls after all that was granted before. In no window of W seconds do more than burst + perSecond × W granted
 * calls begin; after a pause they begin one by one, without a burst.
 */
export function grantCalls(state: PaceState, limits: PaceLimits, ask: Ask): { state: PaceState; grant: Grant } {
  const intervalMs = 1000 / limits.perSecond;
  const tolerance = intervalMs * (limits.burst - 1);
  // The pause ends with an empty bucket.
  const tat = Math.max(state.tat, state.pausedUntil + tolerance);
  const startAt = Math.max(ask.now, state.pausedUntil, tat - tolerance);
  const within = Math.floor((ask.now + ask.horizonMs - startAt) / intervalMs);
  const calls = Math.max(1, Math.min(Math.floor(ask.calls), within));
  const first = Math.max(startAt, tat);
  // What a silence has left of the burst; the thousandth of a millisecond is for sums of fractions.
  const atOnce = Math.min(calls, 1 + Math.floor((startAt + tolerance - first + 1e-3) / intervalMs));
  return {
    state: { ...state, tat: first + calls * intervalMs },
    grant: { startAt, atOnce: Math.max(1, atOnce), intervalMs, calls },
  };
}
