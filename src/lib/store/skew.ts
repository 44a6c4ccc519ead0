/** A `Date` header names a whole second: the moment lies within the second after it. */
const DATE_HEADER_MILLISECONDS = 1000;

export interface Observation {
  /** Milliseconds since the epoch, on our clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** What the service's clock said in between. */
  readonly answeredAt: Date;
}

export interface ClockSkew {
  observe(observation: Observation): void;
  /** Milliseconds to add to our time to get a time that the service's clock may have shown; 0 while nothing speaks against it. */
  offset(): number;
}

/** How far our clock is off the service's, as far as answers prove it. Instances that use it differ by about a second at most. */
export function clockSkew(): ClockSkew {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  return {
    observe({ sentAt, receivedAt, answeredAt }) {
      const atLeast = answeredAt.getTime() - receivedAt;
      const atMost = answeredAt.getTime() + DATE_HEADER_MILLISECONDS - sentAt;
      const contradicted = atLeast > high || atMost < low;
      // A clock was set meanwhile: only what is seen now counts.
      low = contradicted ? atLeast : Math.max(low, atLeast);
      high = contradicted ? atMost : Math.min(high, atMost);
    },
    offset: () => Math.min(Math.max(0, low), high),
  };
}
