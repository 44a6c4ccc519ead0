import { asUuid, randomFrom } from './seeded.ts';
import type { Simulation } from './simulation.ts';
import type { LearningBehaviour, LongRunningOperation } from './world/learning/model.ts';

/** Registers a deletion. It begins when its answer takes effect (`started`) and ends after some polls, when `finish` is called. */
export function registerDeletion({ world, now }: Simulation, finish: () => void): LongRunningOperation {
  const { operations } = world.learning;
  const operation: LongRunningOperation = {
    id: asUuid(randomFrom(`${world.seed}/operation ${operations.size}`).hex(32)),
    startTime: now(),
    endTime: undefined,
    started: false,
    pollsLeft: world.behaviour.pollsUntilDeleted,
    finish,
  };
  operations.set(operation.id, operation);
  return operation;
}

/** Counts a poll; when none are left the deletion happens. Undefined: nobody began such an operation. */
export function pollDeletion({ world, now }: Simulation, id: string): LongRunningOperation | undefined {
  const operation = world.learning.operations.get(id.toLowerCase());
  if (operation?.started && operation.endTime === undefined) {
    if (operation.pollsLeft <= 0) {
      operation.finish();
      operation.endTime = now();
    }
    operation.pollsLeft -= 1;
  }
  return operation;
}

/** When to ask again: headers, none unless wished. */
export function pollAfter({ behaviour }: { readonly behaviour: LearningBehaviour }): Readonly<Record<string, string>> {
  const { pollAfterSeconds: seconds } = behaviour;
  return seconds === undefined ? {} : { 'Retry-After': String(seconds) };
}
