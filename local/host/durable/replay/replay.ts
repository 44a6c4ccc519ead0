import type { OrchestratorState } from '../protocol/actions.ts';
import { eventType, type HistoryEvent } from '../protocol/events.ts';
import { type Failure, orchestrationFailure } from '../protocol/failure.ts';
import { ReplayContext, type ScheduledTask } from './context.ts';
import { type Coroutine, type Future, spawn } from './future.ts';
import { type KnownFunctions, perform, UnsupportedActionError } from './perform.ts';

/** How a generation ended. Outputs and inputs are JSON text. */
export type GenerationEnd =
  | { readonly kind: 'completed'; readonly output: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'terminated'; readonly reason: string | null }
  | { readonly kind: 'continued-as-new'; readonly input: string | null };

export interface ReplayResult {
  /** Asked for in this episode for the first time, in the order of their ids. */
  readonly scheduled: readonly ScheduledTask[];
  readonly suspended: boolean;
  readonly end: GenerationEnd | undefined;
}

export interface ReplayInput {
  readonly name: string;
  readonly state: OrchestratorState;
  /** Where the orchestrator threw, if it did. */
  readonly stack: string;
  readonly known: KnownFunctions;
}

/**
 * Finds what an orchestrator's answer means: its actions are performed one after another against the generation's history, each waiting for
 * the one before, exactly as the extension's `OutOfProcOrchestrationShim` does on the Durable Task Framework. So tasks get the ids that they
 * get there, a task that was yielded twice is scheduled twice, and open timers hold an orchestration that has returned.
 */
export function replay(input: ReplayInput, history: readonly HistoryEvent[]): ReplayResult {
  const generation = new Generation(input);
  try {
    for (const event of history) generation.accept(event);
  } catch (error) {
    if (!(error instanceof UnsupportedActionError)) throw error;
    return failed(orchestrationFailure(input.name, error.message, ''));
  }
  return generation.result();
}

/** The result of an orchestration that fails on the spot. */
export function failed(failure: Failure): ReplayResult {
  return { scheduled: [], suspended: false, end: { kind: 'failed', failure } };
}

class Generation {
  readonly #input: ReplayInput;
  readonly #context = new ReplayContext();
  readonly #whileSuspended: HistoryEvent[] = [];
  #suspended = false;
  #main: Future | undefined;
  #terminated: { readonly reason: string | null } | undefined;

  constructor(input: ReplayInput) {
    this.#input = input;
  }

  accept(event: HistoryEvent): void {
    if (event.EventType === eventType.OrchestratorStarted) {
      this.#context.now = Date.parse(event.Timestamp);
    } else if (event.EventType === eventType.ExecutionResumed) {
      this.#suspended = false;
      for (const held of this.#whileSuspended.splice(0)) this.accept(held);
    } else if (event.EventType === eventType.ExecutionTerminated) {
      this.#terminated ??= { reason: event.Input };
    } else if (event.EventType === eventType.ExecutionSuspended) {
      this.#suspended = true;
    } else if (this.#suspended) {
      this.#whileSuspended.push(event);
    } else {
      this.#apply(event);
    }
  }

  #apply(event: HistoryEvent): void {
    switch (event.EventType) {
      case eventType.ExecutionStarted:
        this.#main = spawn(this.#performAll());
        return;
      case eventType.TaskScheduled:
      case eventType.SubOrchestrationInstanceCreated:
      case eventType.TimerCreated:
        this.#record(event.EventId);
        return;
      case eventType.TaskCompleted:
      case eventType.SubOrchestrationInstanceCompleted:
        this.#context.complete(event.TaskScheduledId, true);
        return;
      case eventType.TaskFailed:
      case eventType.SubOrchestrationInstanceFailed:
        this.#context.complete(event.TaskScheduledId, false);
        return;
      case eventType.TimerFired:
        this.#context.complete(event.TimerId, true);
        return;
      case eventType.EventRaised:
        this.#context.raise(event.Name);
        return;
    }
  }

  #record(id: number): void {
    if (this.#context.unrecorded.delete(id)) return;
    throw new UnsupportedActionError(
      `Non-Deterministic workflow detected: a previous execution scheduled a task with sequence ID ${id} that this replay hasn't scheduled.`,
    );
  }

  *#performAll(): Coroutine {
    const [actions] = this.#input.state.actions;
    for (const action of actions) yield perform(action, this.#context, this.#input.known);
    return true;
  }

  result(): ReplayResult {
    const end = this.#end();
    // What was asked for just before a suspension is asked for again, and then done, in the episode that resumes.
    const scheduled = end === undefined && !this.#suspended ? [...this.#context.unrecorded.values()] : [];
    return { scheduled, suspended: this.#suspended, end };
  }

  #end(): GenerationEnd | undefined {
    if (this.#terminated) return { kind: 'terminated', reason: this.#terminated.reason };
    if (!this.#main?.settled || this.#context.hasOpenTasks) return undefined;
    const { state, name, stack } = this.#input;
    if (state.error) return { kind: 'failed', failure: orchestrationFailure(name, state.error, stack) };
    if (!state.isDone) return undefined;
    if (this.#context.continueAsNew) return { kind: 'continued-as-new', input: this.#context.continueAsNew.input };
    return { kind: 'completed', output: JSON.stringify(state.output ?? null) };
  }
}
