import { eventType, eventTypeName, type HistoryEvent } from '../protocol/events.ts';

export interface HistoryViewOptions {
  readonly showInput: boolean;
  readonly showOutput: boolean;
}

type Scheduled = Extract<HistoryEvent, { EventType: 4 | 7 }>;

/** A history as the status API shows it: episodes' borders left out, what was scheduled shown with its end, results only on request. */
export function historyView(history: readonly HistoryEvent[], options: HistoryViewOptions): Record<string, unknown>[] {
  const scheduled = new Map<number, Scheduled>();
  const ended = new Set<number>();
  for (const event of history) {
    if (isScheduled(event)) scheduled.set(event.EventId, event);
    else if ('TaskScheduledId' in event) ended.add(event.TaskScheduledId);
  }
  return history
    .filter((event) => !isBorder(event) && !(isScheduled(event) && ended.has(event.EventId)))
    .map((event) => viewOf(event, scheduled, options));
}

function isScheduled(event: HistoryEvent): event is Scheduled {
  return event.EventType === eventType.TaskScheduled || event.EventType === eventType.SubOrchestrationInstanceCreated;
}

function isBorder(event: HistoryEvent): boolean {
  return event.EventType === eventType.OrchestratorStarted || event.EventType === eventType.OrchestratorCompleted;
}

function viewOf(event: HistoryEvent, scheduled: ReadonlyMap<number, Scheduled>, options: HistoryViewOptions) {
  const { EventType: _type, EventId: _id, ...shown }: Record<string, unknown> & HistoryEvent = event;
  const view: Record<string, unknown> = { EventType: eventTypeName(event), ...shown };
  if ('TaskScheduledId' in event) {
    const beginning = scheduled.get(event.TaskScheduledId);
    Object.assign(view, {
      ScheduledTime: beginning?.Timestamp,
      FunctionName: beginning?.Name,
      Input: beginning?.Input,
    });
  }
  if (event.EventType === eventType.ExecutionStarted) view.FunctionName = event.Name;
  if ('Result' in event && event.Result !== null) view.Result = JSON.parse(event.Result);
  return without(view, hidden(event, options));
}

function hidden(event: HistoryEvent, { showInput, showOutput }: HistoryViewOptions): string[] {
  const names = ['TaskScheduledId', 'TimerId', 'Version'];
  if (event.EventType === eventType.ExecutionStarted) names.push('Name');
  if (!showInput) names.push('Input');
  if (!showOutput) names.push('Result');
  return names;
}

function without(view: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(view).filter(([name]) => !names.includes(name)));
}
