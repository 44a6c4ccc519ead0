import { randomUUID } from 'node:crypto';
import { eventType, type HistoryEvent, timestamp } from '../protocol/events.ts';
import { hasEnded, type Parent } from '../store/instances.ts';
import type { Store } from '../store/store.ts';
import type { HubParts } from './parts.ts';

/** An orchestration to start; `input` is JSON text. */
export interface StartRequest {
  readonly instanceId: string;
  readonly name: string;
  readonly version: string | null;
  readonly input: string | null;
  readonly parent: Parent | undefined;
}

/** A new generation's id, a GUID without hyphens as in the Durable Task Framework. */
export function newExecutionId(): string {
  return randomUUID().replaceAll('-', '');
}

/**
 * Starts an instance, inside a transaction. An instance of that id which has ended is replaced (the extension's default, `NonRunningStates`);
 * one that hasn't is left alone and the answer is false.
 */
export function startInstance(parts: HubParts, request: StartRequest): boolean {
  const { store, wake, now } = parts;
  const existing = store.instances.find(request.instanceId);
  if (existing && !hasEnded(existing.status)) return false;
  if (existing) eraseInstance(store, request.instanceId);
  const executionId = newExecutionId();
  store.instances.insert({ ...request, executionId, createdAt: now() });
  store.messages.append(request.instanceId, executionId, executionStarted(request, now()));
  wake.instance(request.instanceId);
  return true;
}

export function executionStarted(request: Pick<StartRequest, 'name' | 'version' | 'input'>, now: number): HistoryEvent {
  return {
    EventType: eventType.ExecutionStarted,
    EventId: -1,
    Timestamp: timestamp(now),
    Name: request.name,
    Version: request.version,
    Input: request.input,
  };
}

/** Removes all trace of an instance, inside a transaction. Activities that run end unheard. */
export function eraseInstance(store: Store, instanceId: string): void {
  store.instances.remove(instanceId);
  store.history.clear(instanceId);
  store.messages.clear(instanceId);
  store.timers.clear(instanceId);
}

/** Gives an event to one generation of an instance, inside a transaction; nobody hears it when that generation is over. */
export function deliver(
  parts: HubParts,
  to: { readonly instanceId: string; readonly executionId: string },
  event: HistoryEvent,
): void {
  const instance = parts.store.instances.find(to.instanceId);
  if (!instance || instance.executionId !== to.executionId || hasEnded(instance.status)) return;
  parts.store.messages.append(to.instanceId, to.executionId, event);
  parts.wake.instance(to.instanceId);
}
