import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';

/** Keeps one message invisible while its function runs. */
export class MessageLease {
  readonly #client: QueueClient;
  readonly #messageId: string;
  readonly #seconds: number;
  readonly #log: (line: string) => void;
  #popReceipt: string;
  #timer: NodeJS.Timeout | undefined;
  #renewal: Promise<void> = Promise.resolve();

  constructor(
    client: QueueClient,
    message: DequeuedMessageItem,
    options: { seconds: number; log: (line: string) => void },
  ) {
    this.#client = client;
    this.#messageId = message.messageId;
    this.#popReceipt = message.popReceipt;
    this.#seconds = options.seconds;
    this.#log = options.log;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#renewal = this.#renew();
    }, this.#seconds * 500);
  }

  async #renew(): Promise<void> {
    try {
      const answer = await this.#client.updateMessage(this.#messageId, this.#popReceipt, undefined, this.#seconds);
      if (answer.popReceipt) this.#popReceipt = answer.popReceipt;
      this.#schedule();
    } catch (error) {
      // Someone else may have the message by now; the function goes on, as on the genuine host.
      this.#log(`[host] lease of message ${this.#messageId} couldn't be renewed: ${String(error)}`);
    }
  }

  /** Ends the renewal; what is answered is the receipt that counts now. */
  async end(): Promise<string> {
    clearTimeout(this.#timer);
    await this.#renewal;
    clearTimeout(this.#timer);
    return this.#popReceipt;
  }
}
