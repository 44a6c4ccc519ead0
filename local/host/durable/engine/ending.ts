import { eventType, type HistoryEvent, timestamp } from '../protocol/events.ts';
import type { GenerationEnd } from '../replay/replay.ts';
import type { Instance, RuntimeStatus } from '../store/instances.ts';
import { assertNever } from './assert-never.ts';
import { deliver, executionStarted, newExecutionId } from './lifecycle.ts';
import type { HubParts } from './parts.ts';

/** A generation with all that it has seen. */
export interface Generation {
  readonly instance: Instance;
  readonly past: readonly HistoryEvent[];
  readonly fresh: readonly HistoryEvent[];
}

type FinalEnd = Exclude<GenerationEnd, { kind: 'continued-as-new' }>;

/** Writes the end of a generation, inside a transaction. */
export function endGeneration(parts: HubParts, generation: Generation, end: GenerationEnd): void {
  if (end.kind === 'continued-as-new') continueAsNew(parts, generation, end.input);
  else endInstance(parts, generation, end);
}

function endInstance(parts: HubParts, { instance, fresh }: Generation, end: FinalEnd): void {
  const { store, now } = parts;
  const at = { EventId: -1, Timestamp: timestamp(now()) };
  const { status, output } = summary(end);
  store.history.append(instance.instanceId, instance.executionId, [
    ...fresh,
    { ...at, EventType: eventType.ExecutionCompleted, OrchestrationStatus: status, Result: output },
    { ...at, EventType: eventType.OrchestratorCompleted },
  ]);
  store.instances.update({ ...instance, status, output, updatedAt: now() });
  store.messages.clear(instance.instanceId);
  store.timers.clear(instance.instanceId);
  if (instance.parent) deliver(parts, instance.parent, { ...at, ...report(end, instance.parent.taskId) });
}

function summary(end: FinalEnd): { status: RuntimeStatus; output: string } {
  switch (end.kind) {
    case 'completed':
      return { status: 'Completed', output: end.output };
    case 'failed':
      return { status: 'Failed', output: JSON.stringify(end.failure.reason) };
    case 'terminated':
      return { status: 'Terminated', output: JSON.stringify(end.reason) };
    default:
      return assertNever(end);
  }
}

/** What a parent hears; to it a terminated child has failed. */
function report(end: FinalEnd, taskId: number) {
  if (end.kind === 'completed') {
    return { EventType: eventType.SubOrchestrationInstanceCompleted, TaskScheduledId: taskId, Result: end.output };
  }
  const failure = end.kind === 'failed' ? end.failure : { reason: end.reason ?? '', details: '' };
  return {
    EventType: eventType.SubOrchestrationInstanceFailed,
    TaskScheduledId: taskId,
    Reason: failure.reason,
    Details: failure.details,
  };
}

/** The next generation sees every external event of this one again, consumed or not, before those that it hasn't seen (measured on the genuine host). */
function continueAsNew(parts: HubParts, { instance, past, fresh }: Generation, input: string | null): void {
  const { store, now, wake } = parts;
  const { instanceId, name, version } = instance;
  const executionId = newExecutionId();
  const seen = [...past, ...fresh].filter((event) => event.EventType === eventType.EventRaised);
  const unseen = store.messages.pending(instanceId).filter((message) => message.executionId === null);
  store.history.clear(instanceId);
  store.messages.clear(instanceId);
  store.timers.clear(instanceId);
  store.messages.append(instanceId, executionId, executionStarted({ name, version, input }, now()));
  for (const event of [...seen, ...unseen.map((message) => message.event)])
    store.messages.append(instanceId, null, event);
  store.instances.update({ ...instance, executionId, input, status: 'Running', createdAt: now(), updatedAt: now() });
  wake.instance(instanceId);
}
