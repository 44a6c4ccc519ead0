/** The genuine host's `QueuePollingIntervals.Minimum`. */
const MINIMUM_MILLISECONDS = 100;

/**
 * When to ask an empty queue again: at once after a message, then ever later up to a ceiling, as the genuine host's
 * `RandomizedExponentialBackoffStrategy` (each step 80 to 120 % of a doubling one).
 */
export class PollingInterval {
  readonly #ceiling: number;
  #emptyAnswers = 0;

  constructor(ceilingMilliseconds: number) {
    this.#ceiling = ceilingMilliseconds;
  }

  foundMessages(): void {
    this.#emptyAnswers = 0;
  }

  /** Milliseconds to wait after one more empty answer. */
  foundNothing(): number {
    const step = MINIMUM_MILLISECONDS * (2 ** Math.min(this.#emptyAnswers, 20) - 1) * (0.8 + Math.random() * 0.4);
    this.#emptyAnswers += 1;
    return Math.min(this.#ceiling, MINIMUM_MILLISECONDS + step);
  }
}
