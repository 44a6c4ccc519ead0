import { eventType, type HistoryEvent, timestamp } from '../protocol/events.ts';
import type { ScheduledTask } from '../replay/context.ts';
import type { Instance } from '../store/instances.ts';
import { assertNever } from './assert-never.ts';
import { startInstance } from './lifecycle.ts';
import type { HubParts } from './parts.ts';

/** Puts a task that an instance asked for to work, inside a transaction, and gives the event that records it. */
export function schedule(parts: HubParts, instance: Instance, task: ScheduledTask): HistoryEvent {
  const at = { EventId: task.id, Timestamp: timestamp(parts.now()) };
  switch (task.kind) {
    case 'activity':
      scheduleActivity(parts, instance, task);
      return { ...at, EventType: eventType.TaskScheduled, Name: task.name, Input: task.input };
    case 'orchestration': {
      const { name, input } = task;
      const instanceId = task.instanceId?.trim() ? task.instanceId : `${instance.executionId}:${task.id}`;
      startChild(parts, instance, { ...task, instanceId });
      return {
        ...at,
        EventType: eventType.SubOrchestrationInstanceCreated,
        Name: name,
        InstanceId: instanceId,
        Input: input,
      };
    }
    case 'timer': {
      const { instanceId, executionId } = instance;
      parts.store.timers.add({ instanceId, executionId, timerId: task.id, dueAt: task.fireAt });
      parts.wake.timers();
      return { ...at, EventType: eventType.TimerCreated, FireAt: timestamp(task.fireAt) };
    }
    default:
      return assertNever(task);
  }
}

function scheduleActivity(
  { store, wake }: HubParts,
  { instanceId, executionId }: Instance,
  { id: taskId, name, input }: Extract<ScheduledTask, { kind: 'activity' }>,
): void {
  wake.activity(store.activities.add({ instanceId, executionId, taskId, name, input }));
}

/** A child whose id belongs to an instance that hasn't ended is never heard of again: the start is dropped, as the extension does. */
function startChild(
  parts: HubParts,
  { instanceId, executionId }: Instance,
  child: Extract<ScheduledTask, { kind: 'orchestration' }> & { readonly instanceId: string },
): void {
  const parent = { instanceId, executionId, taskId: child.id };
  const started = startInstance(parts, { ...child, parent });
  if (!started)
    parts.log(`durable: ${instanceId} started ${child.instanceId}, which is running already; the start is dropped`);
}
