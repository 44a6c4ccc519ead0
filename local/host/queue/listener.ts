import { PollingInterval } from './polling.ts';
import { processMessage, type QueueProcessing, releaseMessage } from './processing.ts';

const FAILURE_PAUSE_MILLISECONDS = 1000;

/** Polls one queue: the next batch is asked for once at most `newBatchThreshold` messages are being worked on. */
export class QueueListener {
  readonly #processing: QueueProcessing;
  readonly #interval: PollingInterval;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #wake: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(processing: QueueProcessing, maxPollingMilliseconds: number) {
    this.#processing = processing;
    this.#interval = new PollingInterval(maxPollingMilliseconds);
  }

  get queueName(): string {
    return this.#processing.queue.name;
  }

  get queueUrl(): string {
    return this.#processing.queue.url;
  }

  get #isStopped(): boolean {
    return this.#processing.stopping.aborted;
  }

  start(): void {
    this.#loop = this.#poll();
  }

  /** Asks at once: a message was just put there. */
  notify(): void {
    this.#interval.foundMessages();
    this.#wake();
  }

  /** Asks at once, or when a message that was put there becomes visible. */
  notifyIn(delaySeconds: number): void {
    if (delaySeconds === 0) {
      this.notify();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.notify();
    }, delaySeconds * 1000);
    this.#timers.add(timer);
  }

  async #poll(): Promise<void> {
    while (!this.#isStopped) {
      const pause = await this.#receiveBatch().catch((error: unknown) => {
        if (!this.#isStopped)
          this.#processing.log(`[host] polling ${this.#processing.queue.name} failed: ${String(error)}`);
        return FAILURE_PAUSE_MILLISECONDS;
      });
      if (pause > 0) await this.#sleep(pause);
      while (!this.#isStopped && this.#inFlight.size > this.#processing.options.newBatchThreshold) {
        await Promise.race(this.#inFlight);
      }
    }
  }

  /** Answers the milliseconds to wait before the next question. */
  async #receiveBatch(): Promise<number> {
    const { queue, options, leaseSeconds } = this.#processing;
    const batch = await queue.receiveMessages({ numberOfMessages: options.batchSize, visibilityTimeout: leaseSeconds });
    const messages = batch.receivedMessageItems;
    if (messages.length === 0) return this.#interval.foundNothing();
    this.#interval.foundMessages();
    // An answer may come after the stop: those messages go back.
    const take = this.#isStopped ? releaseMessage : processMessage;
    for (const message of messages) this.#track(take(this.#processing, message));
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

  /** After `stopping` was aborted: takes no further message and waits for those in work. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#wake();
    await this.#loop;
    await Promise.all(this.#inFlight);
  }
}
