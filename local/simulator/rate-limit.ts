/** How long a caller must wait: 0 when the call may go ahead now (and was counted). */
export type RateLimiter = (key: string) => number;

export interface Rate {
  readonly callsPerSecond: number;
  readonly burst: number;
}

/** Custom Vision's documented limit for every tier: ten calls a second. */
export const visionRate: Rate = { callsPerSecond: 10, burst: 10 };

/** A token bucket for each key. `now` is in milliseconds; the answer is in seconds, not rounded. */
export function rateLimiter(rate: Rate, now: () => number): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key) => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at };
    const tokens = Math.min(rate.burst, bucket.tokens + (Math.max(0, at - bucket.at) / 1_000) * rate.callsPerSecond);
    const allowed = tokens >= 1;
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
    return allowed ? 0 : (1 - tokens) / rate.callsPerSecond;
  };
}
