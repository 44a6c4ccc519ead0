import { randomUUID } from 'node:crypto';
import type { Invocation, Invoker } from '../contract.ts';
import type { Schedule } from './schedule.ts';
import { readStatus, type TimerStatus, writeStatus } from './status.ts';

export interface TimerOptions {
  readonly functionName: string;
  readonly bindingName: string;
  readonly schedule: Schedule;
  readonly runOnStartup: boolean;
  /** Where the last run is kept; undefined for timers without a monitor. */
  readonly statusFile: string | undefined;
  readonly invoker: Invoker;
  readonly log: (line: string) => void;
}

/** `setTimeout` takes at most 24 days. */
const LONGEST_WAIT_MILLISECONDS = 24 * 3600 * 1000;

/** One timer function: a run at each time of its schedule, never two at once, and one for all that were missed. */
export class Timer {
  readonly #options: TimerOptions;
  #status: TimerStatus | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: TimerOptions) {
    this.#options = options;
  }

  get functionName(): string {
    return this.#options.functionName;
  }

  async start(): Promise<void> {
    const { statusFile, runOnStartup, schedule } = this.#options;
    this.#status = statusFile === undefined ? undefined : await readStatus(statusFile);
    const since = this.#status?.last ?? this.#status?.lastUpdated;
    const isPastDue = since !== undefined && schedule.next(new Date(since)) <= new Date();
    if (statusFile !== undefined && this.#status === undefined) await this.#save(new Date(), false);
    if (isPastDue || runOnStartup) this.#running = this.#run(isPastDue);
    else this.#schedule();
  }

  #schedule(): void {
    if (!this.#stopped) this.#waitUntil(this.#options.schedule.next(new Date()));
  }

  #waitUntil(due: Date): void {
    const left = Math.max(due.getTime() - Date.now(), 0);
    this.#timer = setTimeout(
      () => {
        // A timeout may come a little early; the same time would then come twice.
        if (Date.now() < due.getTime()) this.#waitUntil(due);
        else this.#running = this.#run(false);
      },
      Math.min(left, LONGEST_WAIT_MILLISECONDS),
    );
  }

  async #run(isPastDue: boolean): Promise<void> {
    const begun = new Date();
    await this.#options.invoker.invoke(this.#invocation(isPastDue));
    if (this.#stopped) return;
    // Kept after the run: one that a crash interrupts is past due at the next start.
    await this.#save(begun, true).catch((error: unknown) => {
      this.#options.log(`[host] the last run of ${this.functionName} couldn't be kept: ${String(error)}`);
    });
    this.#schedule();
  }

  /** Outside its schedule, as `POST /admin/functions/{name}` asks for. */
  async runByHand(): Promise<void> {
    await this.#options.invoker.invoke(this.#invocation(false));
  }

  async #save(now: Date, hasRun: boolean): Promise<void> {
    const { statusFile, schedule } = this.#options;
    if (statusFile === undefined) return;
    const last = hasRun ? now.toISOString() : this.#status?.last;
    this.#status = {
      ...(last === undefined ? {} : { last }),
      next: schedule.next(new Date()).toISOString(),
      lastUpdated: now.toISOString(),
    };
    await writeStatus(statusFile, this.#status);
  }

  #invocation(isPastDue: boolean): Invocation {
    const input = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: this.#status === undefined ? null : scheduleStatus(this.#status),
      IsPastDue: isPastDue,
    };
    return {
      invocationId: randomUUID(),
      functionName: this.#options.functionName,
      inputData: [{ name: this.#options.bindingName, data: { json: JSON.stringify(input) } }],
      triggerMetadata: {},
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}

function scheduleStatus({ last, next, lastUpdated }: TimerStatus) {
  const offset = (time: string) => time.replace('Z', '+00:00');
  return {
    // .NET's DateTime.MinValue stands for "never" [measured].
    Last: last === undefined ? '0001-01-01T00:00:00+00:00' : offset(last),
    LastUpdated: offset(lastUpdated),
    Next: offset(next),
  };
}
