import { z } from 'zod';

/** Numbers of the Durable Task Framework's history events, as durable-functions' `HistoryEventType` reads them. */
export const eventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

const text = z.string().nullable();

function eventOf<Type extends number, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.object({ EventType: z.literal(type), EventId: z.int(), Timestamp: z.string(), ...shape });
}

const failure = { TaskScheduledId: z.int(), Reason: z.string(), Details: z.string() };

/** `Input` and `Result` are JSON text; timestamps are ISO 8601. `EventId` is -1 for whatever the orchestrator didn't schedule. */
export const historyEventSchema = z.discriminatedUnion('EventType', [
  eventOf(eventType.ExecutionStarted, { Name: z.string(), Version: text, Input: text }),
  eventOf(eventType.ExecutionCompleted, { OrchestrationStatus: z.string(), Result: text }),
  eventOf(eventType.ExecutionTerminated, { Input: text }),
  eventOf(eventType.TaskScheduled, { Name: z.string(), Input: text }),
  eventOf(eventType.TaskCompleted, { TaskScheduledId: z.int(), Result: z.string() }),
  eventOf(eventType.TaskFailed, failure),
  eventOf(eventType.SubOrchestrationInstanceCreated, { Name: z.string(), InstanceId: z.string(), Input: text }),
  eventOf(eventType.SubOrchestrationInstanceCompleted, { TaskScheduledId: z.int(), Result: z.string() }),
  eventOf(eventType.SubOrchestrationInstanceFailed, failure),
  eventOf(eventType.TimerCreated, { FireAt: z.string() }),
  eventOf(eventType.TimerFired, { TimerId: z.int(), FireAt: z.string() }),
  eventOf(eventType.OrchestratorStarted, {}),
  eventOf(eventType.OrchestratorCompleted, {}),
  eventOf(eventType.EventRaised, { Name: z.string(), Input: text }),
  eventOf(eventType.ExecutionSuspended, { Reason: text }),
  eventOf(eventType.ExecutionResumed, { Reason: text }),
]);

export type HistoryEvent = z.infer<typeof historyEventSchema>;

/** Name of an event's type, as the status API prints it. */
export function eventTypeName(event: HistoryEvent): string {
  const named = Object.entries(eventType).find(([, number]) => number === event.EventType);
  return named?.[0] ?? String(event.EventType);
}

/** Milliseconds since the epoch as the history writes times. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
