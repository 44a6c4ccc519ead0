import { PollingInterval } from './polling.ts';
import { processMessage, type QueueProcessing } from './processing.ts';

const FAILURE_PAUSE_MILLISECONDS = 1000;

/** Polls one queue: the next batch is asked for once at most `newBatchThreshold` messages are being worked on. */
export class QueueListener {
  readonly #processing: QueueProcessing;
  readonly #interval: PollingInterval;
  readonly #inFlight = new Set<Promise<void>>();
  #wake: () => void = () => undefined;
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(processing: QueueProcessing, maxPollingMilliseconds: number) {
    this.#processing = processing;
    this.#interval = new PollingInterval(maxPollingMilliseconds);
  }

  get queueUrl(): string {
    return this.#processing.queue.url;
  }

  start(): void {
    this.#loop = this.#poll();
  }

  /** Asks at once: the host itself has just put a message there. */
  notify(): void {
    this.#interval.foundMessages();
    this.#wake();
  }

  async #poll(): Promise<void> {
    while (!this.#stopped) {
      const pause = await this.#receiveBatch().catch((error: unknown) => {
        if (!this.#stopped)
          this.#processing.log(`[host] polling ${this.#processing.queue.name} failed: ${String(error)}`);
        return FAILURE_PAUSE_MILLISECONDS;
      });
      if (pause > 0) await this.#sleep(pause);
      while (!this.#stopped && this.#inFlight.size > this.#processing.options.newBatchThreshold) {
        await Promise.race(this.#inFlight);
      }
    }
  }

  /** Answers the milliseconds to wait before the next question. */
  async #receiveBatch(): Promise<number> {
    const { queue, options, leaseSeconds } = this.#processing;
    const batch = await queue.receiveMessages({ numberOfMessages: options.batchSize, visibilityTimeout: leaseSeconds });
    // What arrives after the stop stays invisible until its lease ends, as with a host that is restarted.
    if (this.#stopped || batch.receivedMessageItems.length === 0) return this.#interval.foundNothing();
    this.#interval.foundMessages();
    for (const message of batch.receivedMessageItems) this.#track(processMessage(this.#processing, message));
    return 0;
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#processing.log(`[host] ${this.#processing.queue.name}: ${String(error)}`))
      .finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Takes no further message and waits for those in work. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#loop;
    await Promise.all(this.#inFlight);
  }
}
