import type { Lane } from './lane.ts';

/** Installations that work side by side: a piece of work has one to itself. */
export class LanePool {
  readonly #all: readonly Lane[];
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  private constructor(all: readonly Lane[]) {
    this.#all = all;
    this.#free = [...all];
  }

  /** Starts so many. */
  static async start(lanes: number, startOne: () => Promise<Lane>): Promise<LanePool> {
    return new LanePool(await Promise.all(Array.from({ length: lanes }, startOne)));
  }

  /** Has the work done on a lane that nobody else is on. */
  async use(work: (lane: Lane) => Promise<void>): Promise<void> {
    const lane = this.#free.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    try {
      await work(lane);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lane);
      else this.#free.push(lane);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map(({ stage }) => stage.stop()));
  }
}
