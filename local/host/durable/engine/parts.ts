import type { FunctionMetadata, Invoker } from '../../contract.ts';
import type { KnownFunctions } from '../replay/perform.ts';
import type { Store } from '../store/store.ts';

/** Tells the engine that there is something new in the store; may be called inside a transaction. */
export interface Wake {
  instance(instanceId: string): void;
  activity(number: number): void;
  timers(): void;
}

/** What every operation on the hub works with. */
export interface HubParts {
  readonly store: Store;
  readonly wake: Wake;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** A registered function and the name of its trigger's binding. */
export interface DurableFunction {
  readonly name: string;
  readonly binding: string;
}

/** The registered orchestrators and activities. Names are compared without regard to case, as the host does. */
export class FunctionCatalog implements KnownFunctions {
  readonly #orchestrators: ReadonlyMap<string, DurableFunction>;
  readonly #activities: ReadonlyMap<string, DurableFunction>;

  constructor(functions: readonly FunctionMetadata[]) {
    this.#orchestrators = byTrigger(functions, 'orchestrationTrigger');
    this.#activities = byTrigger(functions, 'activityTrigger');
  }

  orchestrator(name: string): DurableFunction | undefined {
    return this.#orchestrators.get(name.toLowerCase());
  }

  activity(name: string): DurableFunction | undefined {
    return this.#activities.get(name.toLowerCase());
  }

  hasOrchestrator(name: string): boolean {
    return this.orchestrator(name) !== undefined;
  }

  hasActivity(name: string): boolean {
    return this.activity(name) !== undefined;
  }
}

function byTrigger(functions: readonly FunctionMetadata[], type: string): Map<string, DurableFunction> {
  const found = new Map<string, DurableFunction>();
  for (const { name, bindings } of functions) {
    const trigger = Object.entries(bindings).find(([, binding]) => binding.type.toLowerCase() === type.toLowerCase());
    if (trigger) found.set(name.toLowerCase(), { name, binding: trigger[0] });
  }
  return found;
}

/** What it takes to run functions besides. */
export interface EngineParts extends HubParts {
  readonly functions: FunctionCatalog;
  readonly invoker: Invoker;
}
