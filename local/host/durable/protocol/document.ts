import type { HistoryEvent } from './events.ts';

/**
 * Schema versions offered to the library. V3 (2) is the newest that the genuine extension 3.x writes into `upperSchemaVersionNew`; the older
 * member stays at V2 (1) for libraries that don't know better.
 */
const offered = { upperSchemaVersion: 1, upperSchemaVersionNew: 2 } as const;

/** Azure Storage's limits on timers, as .NET `TimeSpan` text: longer ones are split. Also in milliseconds for the replay. */
const timerLimits = {
  longRunningTimerIntervalDuration: '3.00:00:00',
  maximumShortTimerDuration: '6.00:00:00',
} as const;

const dayMilliseconds = 86_400_000;
export const longTimerIntervalMilliseconds = 3 * dayMilliseconds;
export const maximumShortTimerMilliseconds = 6 * dayMilliseconds;

export interface DocumentSource {
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
  /** JSON text. */
  readonly input: string | null;
  readonly past: readonly HistoryEvent[];
  readonly fresh: readonly HistoryEvent[];
}

/** JSON text of the document that an orchestration trigger receives; past events are marked as played. */
export function orchestrationDocument(source: DocumentSource): string {
  const history = [
    ...source.past.map((event) => ({ ...event, IsPlayed: true })),
    ...source.fresh.map((event) => ({ ...event, IsPlayed: false })),
  ];
  const rest = {
    instanceId: source.instanceId,
    isReplaying: source.past.length > 0,
    parentInstanceId: source.parentInstanceId,
    ...offered,
    ...timerLimits,
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
    history,
  };
  return `{"input":${source.input ?? 'null'},${JSON.stringify(rest).slice(1)}`;
}
