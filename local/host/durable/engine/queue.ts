/** Whether a piece of work is done or is to be tried again after a pause. */
export type WorkOutcome = 'done' | 'again';

export interface WorkQueueOptions<Key> {
  /** How many pieces run at a time. */
  readonly limit: number;
  readonly run: (key: Key) => Promise<WorkOutcome>;
  readonly log: (line: string) => void;
}

/** Pause before work is tried again whose worker died or that met a defect here. */
const retryPauseMilliseconds = 250;

/** Runs work by key: never one key twice at a time, and once more if it was pushed again meanwhile. Nothing runs before `open`. */
export class WorkQueue<Key> {
  readonly #options: WorkQueueOptions<Key>;
  readonly #waiting = new Set<Key>();
  readonly #running = new Map<Key, Promise<void>>();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #state: 'new' | 'open' | 'closed' = 'new';
  #pumpAsked = false;

  constructor(options: WorkQueueOptions<Key>) {
    this.#options = options;
  }

  open(): void {
    this.#state = 'open';
    this.#askForPump();
  }

  /** May be called inside a transaction: work begins after the present call stack has ended. */
  push(key: Key): void {
    this.#waiting.add(key);
    this.#askForPump();
  }

  /** Begins nothing more; resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#state = 'closed';
    for (const pause of this.#pauses) clearTimeout(pause);
    await Promise.all(this.#running.values());
  }

  #askForPump(): void {
    if (this.#pumpAsked) return;
    this.#pumpAsked = true;
    queueMicrotask(() => {
      this.#pumpAsked = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#state !== 'open') return;
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.limit) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: Key): Promise<void> {
    const outcome = await this.#attempt(key);
    this.#running.delete(key);
    if (outcome === 'again') this.#pushLater(key);
    this.#pump();
  }

  async #attempt(key: Key): Promise<WorkOutcome> {
    try {
      return await this.#options.run(key);
    } catch (error) {
      if (this.#state === 'open')
        this.#options.log(`durable: work on ${String(key)} failed, trying again: ${String(error)}`);
      return 'again';
    }
  }

  #pushLater(key: Key): void {
    if (this.#state !== 'open') return;
    const pause = setTimeout(() => {
      this.#pauses.delete(pause);
      this.push(key);
    }, retryPauseMilliseconds);
    this.#pauses.add(pause);
  }
}
