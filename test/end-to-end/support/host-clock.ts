import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const DAY_MILLISECONDS = 86_400_000;

/** The clock of the app in the workers of a host, which a test turns forward. Storage, queues and upstream stay in the present. */
export class HostClock {
  readonly #file: string;
  #ahead = 0;

  constructor(file: string) {
    this.#file = file;
  }

  static async in(folder: string): Promise<HostClock> {
    const clock = new HostClock(join(folder, 'clock'));
    await clock.turn(0);
    return clock;
  }

  /** What the workers need to follow it. */
  get settings(): Readonly<Record<string, string>> {
    return { TURNED_CLOCK: this.#file };
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** From now on it is so many days later. */
  async turn(days: number): Promise<void> {
    this.#ahead += days * DAY_MILLISECONDS;
    // Never half written: a worker reads it whenever it asks for the time.
    await writeFile(`${this.#file}.new`, String(this.#ahead));
    await rename(`${this.#file}.new`, this.#file);
  }
}
