import { addSeconds, type Clock } from '../../../../src/lib/domain/clock.ts';
import type { QueueStore } from '../../../../src/lib/store/queues.ts';

export interface Sent {
  readonly queue: string;
  /** As it comes out of a queue: through JSON. */
  readonly message: unknown;
  readonly due: Date;
}

/** Queues whose delays follow the test's clock, which Azurite's can't. The genuine ones have tests of their own (test/lib/store/queues.test.ts). */
export class Outbox implements QueueStore {
  readonly #clock: Clock;
  #sent: Sent[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send(queue: string, message: object, { delaySeconds = 0 } = {}): Promise<void> {
    const due = addSeconds(this.#clock.now(), delaySeconds);
    this.#sent.push({ queue, message: JSON.parse(JSON.stringify(message)), due });
  }

  async approximateCount(queue: string): Promise<number> {
    return this.#sent.filter((sent) => sent.queue === queue).length;
  }

  get waiting(): readonly Sent[] {
    return this.#sent;
  }

  /** Takes what is due by now, in the order in which it was sent. */
  takeDue(): Sent[] {
    const now = this.#clock.now();
    const due = this.#sent.filter((sent) => sent.due <= now);
    this.#sent = this.#sent.filter((sent) => sent.due > now);
    return due;
  }

  /** Loses everything. */
  clear(): void {
    this.#sent = [];
  }

  /** When the next message is due. */
  get next(): Date | undefined {
    return this.#sent.map((sent) => sent.due).sort((a, b) => a.getTime() - b.getTime())[0];
  }
}
