import type { RetryOptions } from '../protocol/actions.ts';
import { longTimerIntervalMilliseconds, maximumShortTimerMilliseconds } from '../protocol/document.ts';
import { type Coroutine, Future, spawn } from './future.ts';

/** Work that an orchestrator asked for. `id` is its place in the generation's numbering, shared with the library's. Inputs are JSON text. */
export type ScheduledTask =
  | { readonly kind: 'activity'; readonly id: number; readonly name: string; readonly input: string | null }
  | {
      readonly kind: 'orchestration';
      readonly id: number;
      readonly name: string;
      readonly input: string | null;
      readonly instanceId: string | null;
      readonly version: string | null;
    }
  | { readonly kind: 'timer'; readonly id: number; readonly fireAt: number };

type Unnumbered<Task> = Task extends ScheduledTask ? Omit<Task, 'id'> : never;

/**
 * What the Durable Task Framework keeps for one generation while it replays the history (its `TaskOrchestrationContext` together with the
 * extension's `DurableOrchestrationContext`): the numbering, what was asked for but isn't in the history yet, and who waits for what.
 */
export class ReplayContext {
  /** Time of the current episode, milliseconds since the epoch. */
  now = 0;
  /** Asked for, and no event in the history says so yet. */
  readonly unrecorded = new Map<number, ScheduledTask>();
  /** Set once the orchestrator has asked to begin anew. */
  continueAsNew: { readonly input: string | null } | undefined;
  readonly #open = new Map<number, Future>();
  /** A stack a name: the youngest wait is served first, as in the extension and in the library. */
  readonly #waits = new Map<string, Future[]>();
  readonly #early = new Map<string, number>();
  #nextId = 0;

  /** An orchestration can't end while this is true: activities, children and timers that weren't cancelled hold it. */
  get hasOpenTasks(): boolean {
    return this.#open.size > 0;
  }

  schedule(task: Unnumbered<ScheduledTask>): { readonly id: number; readonly future: Future } {
    const id = this.#nextId++;
    const future = new Future();
    this.unrecorded.set(id, { ...task, id });
    this.#open.set(id, future);
    return { id, future };
  }

  /** Settles an open task; a completion that nobody waits for is a duplicate and ignored. */
  complete(id: number, succeeded: boolean): void {
    const future = this.#open.get(id);
    this.#open.delete(id);
    future?.settle(succeeded);
  }

  /** A timer; one that is cancelled fails at once and doesn't hold the orchestration, though it was created. */
  timer(fireAt: number, cancelled = false): Future {
    const { id, future } = this.schedule({ kind: 'timer', fireAt });
    if (cancelled) this.complete(id, false);
    return future;
  }

  /** A timer beyond the storage's limit becomes a chain of shorter ones. */
  longTimer(fireAt: number, cancelled: boolean): Future {
    if (fireAt - this.now <= maximumShortTimerMilliseconds) return this.timer(fireAt, cancelled);
    return spawn(this.#timerChain(fireAt, cancelled));
  }

  *#timerChain(fireAt: number, cancelled: boolean): Coroutine {
    while (this.now < fireAt) {
      const next = Math.min(fireAt, this.now + longTimerIntervalMilliseconds);
      if (!(yield this.timer(next, cancelled))) return false;
    }
    return true;
  }

  /** A wait for an event; served at once if one came early. */
  waitFor(name: string): Future {
    const future = new Future();
    const early = this.#early.get(name) ?? 0;
    this.#waits.set(name, [...(this.#waits.get(name) ?? []), future]);
    if (early > 0) {
      this.#early.set(name, early - 1);
      this.raise(name);
    }
    return future;
  }

  raise(name: string): void {
    const future = this.#waits.get(name)?.pop();
    if (future === undefined) this.#early.set(name, (this.#early.get(name) ?? 0) + 1);
    else future.settle(true);
  }

  retrying(options: RetryOptions, call: () => Future): Future {
    return spawn(this.#attempts(options, call));
  }

  *#attempts(options: RetryOptions, call: () => Future): Coroutine {
    const startedAt = this.now;
    for (let attempt = 1; attempt <= options.maxNumberOfAttempts; attempt += 1) {
      if (yield call()) return true;
      if (attempt === options.maxNumberOfAttempts) {
        // The framework keeps a timer after the last failure, due at once, for the sake of old histories; the library counts on it.
        yield this.timer(this.now);
        break;
      }
      if (this.now >= startedAt + (options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY)) break;
      yield this.timer(this.now + retryDelay(options, attempt));
    }
    return false;
  }
}

function retryDelay(options: RetryOptions, attempt: number): number {
  const delay = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** (attempt - 1);
  return Math.min(delay, options.maxRetryIntervalInMilliseconds ?? Number.POSITIVE_INFINITY);
}
