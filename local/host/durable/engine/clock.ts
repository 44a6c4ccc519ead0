import { eventType, timestamp } from '../protocol/events.ts';
import { deliver } from './lifecycle.ts';
import type { HubParts } from './parts.ts';

/** Never sleep longer than this, so that a machine that slept or a clock that was set is noticed. */
const longestSleepMilliseconds = 60_000;

/** Fires timers when they are due: one `setTimeout` to the next one, none without timers. */
export class TimerClock {
  readonly #parts: HubParts;
  #timeout: NodeJS.Timeout | undefined;
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  open(): void {
    this.#state = 'open';
    this.arm();
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#timeout);
  }

  /** Looks for the next timer again; to be called when one was added. */
  arm(): void {
    if (this.#state !== 'open') return;
    clearTimeout(this.#timeout);
    const next = this.#parts.store.timers.next();
    if (next === undefined) return;
    const delay = Math.max(0, next - this.#parts.now());
    this.#timeout = setTimeout(() => this.#fire(), Math.min(delay, longestSleepMilliseconds));
  }

  #fire(): void {
    const { store, now } = this.#parts;
    store.transaction(() => {
      for (const timer of store.timers.due(now())) {
        const at = { EventId: -1, Timestamp: timestamp(now()), FireAt: timestamp(timer.dueAt) };
        store.timers.remove(timer.number);
        deliver(this.#parts, timer, { ...at, EventType: eventType.TimerFired, TimerId: timer.timerId });
      }
    });
    this.arm();
  }
}
