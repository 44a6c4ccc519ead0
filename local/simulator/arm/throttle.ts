/** A kind of call that has a bucket of its own; deletions counted as writes when that was recorded. */
export type CallKind = 'reads' | 'writes' | 'deletes';

export interface Drawn {
  /** Seconds until the call may go ahead; 0: it was counted. */
  readonly wait: number;
  /** Whole calls left. */
  readonly remaining: number;
}

export type Throttle = (kind: CallKind, caller: string) => Drawn;

/** Buckets of 2024 (endpoints.md, `tA`): calls at once, and calls a second that come back. */
const limits: Readonly<Record<CallKind, { readonly size: number; readonly perSecond: number }>> = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

/** One bucket for each kind, principal and subscription. `now` in milliseconds. Switched off it only counts, and never says wait. */
export function armThrottle(enabled: boolean, now: () => number): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (kind, caller) => {
    const { size, perSecond } = limits[kind];
    const at = now();
    const bucket = buckets.get(`${kind} ${caller}`) ?? { tokens: size, at };
    const tokens = Math.min(size, bucket.tokens + (Math.max(0, at - bucket.at) / 1_000) * perSecond);
    const allowed = tokens >= 1 || !enabled;
    const left = allowed ? Math.max(0, tokens - 1) : tokens;
    buckets.set(`${kind} ${caller}`, { tokens: left, at });
    return { wait: allowed ? 0 : (1 - tokens) / perSecond, remaining: Math.floor(left) };
  };
}
