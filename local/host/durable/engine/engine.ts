import type { FunctionMetadata, Invoker } from '../../contract.ts';
import type { Store } from '../store/store.ts';
import { runActivity } from './activity.ts';
import { TimerClock } from './clock.ts';
import { runEpisode } from './episode.ts';
import { type EngineParts, FunctionCatalog, type HubParts } from './parts.ts';
import { WorkQueue } from './queue.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly maxConcurrentActivities: number;
  readonly maxConcurrentOrchestrations: number;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** Runs what is in the store: orchestrations that have something to see, activities, timers. */
export class Engine {
  /** For operations that add to the store. */
  readonly parts: HubParts;
  readonly #instances: WorkQueue<string>;
  readonly #activities: WorkQueue<number>;
  readonly #clock: TimerClock;
  #running: EngineParts | undefined;

  constructor({ store, now, log, maxConcurrentActivities, maxConcurrentOrchestrations }: EngineOptions) {
    this.#instances = new WorkQueue({
      limit: maxConcurrentOrchestrations,
      run: (instanceId) => runEpisode(this.#started(), instanceId),
      log,
    });
    this.#activities = new WorkQueue({
      limit: maxConcurrentActivities,
      run: (number) => runActivity(this.#started(), number),
      log,
    });
    const wake = {
      instance: (instanceId: string) => this.#instances.push(instanceId),
      activity: (number: number) => this.#activities.push(number),
      timers: () => this.#clock.arm(),
    };
    this.parts = { store, now, log, wake };
    this.#clock = new TimerClock(this.parts);
  }

  /** The registered functions once the engine runs. */
  get functions(): FunctionCatalog | undefined {
    return this.#running?.functions;
  }

  /** Takes up all work in the file: what was handed out before a crash is handed out again. */
  start(functions: readonly FunctionMetadata[], invoker: Invoker): void {
    const { store } = this.parts;
    this.#running = { ...this.parts, functions: new FunctionCatalog(functions), invoker };
    for (const instanceId of store.messages.addresses()) this.#instances.push(instanceId);
    for (const number of store.activities.numbers()) this.#activities.push(number);
    this.#instances.open();
    this.#activities.open();
    this.#clock.open();
  }

  /** Hands out nothing more; resolves when what runs has ended or the grace is over. */
  async stop(graceMilliseconds: number): Promise<void> {
    this.#clock.close();
    const ended = Promise.all([this.#instances.close(), this.#activities.close()]);
    let timeout: NodeJS.Timeout | undefined;
    const graceOver = new Promise<void>((resolve) => {
      timeout = setTimeout(resolve, graceMilliseconds);
    });
    await Promise.race([ended, graceOver]);
    clearTimeout(timeout);
  }

  #started(): EngineParts {
    if (!this.#running) throw new Error('The durable hub has not been started.');
    return this.#running;
  }
}
