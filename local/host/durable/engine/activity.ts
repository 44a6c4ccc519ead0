import { randomUUID } from 'node:crypto';
import type { InvocationOutcome } from '../../contract.ts';
import { eventType, type HistoryEvent, timestamp } from '../protocol/events.ts';
import { activityFailure } from '../protocol/failure.ts';
import { jsonText } from '../protocol/state.ts';
import type { Activity } from '../store/work.ts';
import { deliver } from './lifecycle.ts';
import type { EngineParts } from './parts.ts';
import type { WorkOutcome } from './queue.ts';

type AnsweredOutcome = Exclude<InvocationOutcome, { kind: 'worker-died' }>;

/** Runs an activity and tells its orchestration; at least once: one whose end isn't in the file yet runs again after a crash. */
export async function runActivity(parts: EngineParts, number: number): Promise<WorkOutcome> {
  const activity = parts.store.activities.find(number);
  if (!activity) return 'done';
  const outcome = await invoke(parts, activity);
  if (outcome.kind === 'worker-died') return 'again';
  parts.store.transaction(() => {
    if (parts.store.activities.remove(number)) deliver(parts, activity, ending(activity, outcome, parts.now()));
  });
  return 'done';
}

async function invoke(parts: EngineParts, activity: Activity): Promise<InvocationOutcome> {
  const registered = parts.functions.activity(activity.name);
  if (!registered) {
    const message = `The activity function '${activity.name}' doesn't exist.`;
    return { kind: 'failed', error: { name: 'Error', message } };
  }
  return parts.invoker.invoke({
    invocationId: randomUUID(),
    functionName: registered.name,
    inputData: [{ name: registered.binding, data: { json: activity.input ?? 'null' } }],
    triggerMetadata: { instanceId: { string: activity.instanceId } },
  });
}

function ending(activity: Activity, outcome: AnsweredOutcome, now: number): HistoryEvent {
  const at = { EventId: -1, Timestamp: timestamp(now), TaskScheduledId: activity.taskId };
  if (outcome.kind === 'completed') {
    return { ...at, EventType: eventType.TaskCompleted, Result: jsonText(outcome.returnValue) };
  }
  const failure = activityFailure(activity.name, outcome.error);
  return { ...at, EventType: eventType.TaskFailed, Reason: failure.reason, Details: failure.details };
}
