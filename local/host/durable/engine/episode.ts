import { randomUUID } from 'node:crypto';
import { orchestrationDocument } from '../protocol/document.ts';
import { eventType, timestamp } from '../protocol/events.ts';
import { orchestrationFailure } from '../protocol/failure.ts';
import { readAnswer } from '../protocol/state.ts';
import { failed, type ReplayResult, replay } from '../replay/replay.ts';
import { hasEnded } from '../store/instances.ts';
import { endGeneration, type Generation } from './ending.ts';
import type { EngineParts } from './parts.ts';
import type { WorkOutcome } from './queue.ts';
import { schedule } from './scheduling.ts';

interface Episode extends Generation {
  /** The newest message that this episode sees. */
  readonly through: number;
}

interface Decision {
  readonly result: ReplayResult;
  /** JSON text; absent when the orchestrator set none this time. */
  readonly customStatus?: string;
}

/**
 * Shows an orchestrator what has happened since it last ran, and writes what it answers: consumed messages, history and new work go into one
 * transaction, so that an episode has either not happened at all or as a whole.
 */
export async function runEpisode(parts: EngineParts, instanceId: string): Promise<WorkOutcome> {
  const episode = gather(parts, instanceId);
  if (!episode) return 'done';
  const decision = await decide(parts, episode);
  if (!decision) return 'again';
  parts.store.transaction(() => commit(parts, episode, decision));
  return 'done';
}

/** Messages to generations that are over are thrown away on the way. */
function gather({ store, now }: EngineParts, instanceId: string): Episode | undefined {
  const messages = store.messages.pending(instanceId);
  const through = messages.at(-1)?.number;
  if (through === undefined) return undefined;
  const instance = store.instances.find(instanceId);
  const meant = messages.filter(({ executionId }) => executionId === null || executionId === instance?.executionId);
  if (!instance || hasEnded(instance.status) || meant.length === 0) {
    store.messages.removeThrough(instanceId, through);
    return undefined;
  }
  const started = { EventType: eventType.OrchestratorStarted, EventId: -1, Timestamp: timestamp(now()) };
  const past = store.history.read(instanceId, instance.executionId);
  return { instance, past, fresh: [started, ...meant.map((message) => message.event)], through };
}

async function decide(parts: EngineParts, episode: Episode): Promise<Decision | undefined> {
  const { name } = episode.instance;
  const orchestrator = parts.functions.orchestrator(name);
  const terminated = episode.fresh.find((event) => event.EventType === eventType.ExecutionTerminated);
  if (terminated)
    return { result: { scheduled: [], suspended: false, end: { kind: 'terminated', reason: terminated.Input } } };
  if (!orchestrator)
    return broken(name, `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`);
  const outcome = await parts.invoker.invoke({
    invocationId: randomUUID(),
    functionName: orchestrator.name,
    inputData: [{ name: orchestrator.binding, data: { json: documentOf(episode) } }],
    triggerMetadata: {},
  });
  const answer = readAnswer(outcome);
  if (answer.kind === 'unanswered') return undefined;
  if (answer.kind === 'broken') return broken(name, answer.message);
  const { state, stack } = answer;
  const result = replay({ name, state, stack, known: parts.functions }, [...episode.past, ...episode.fresh]);
  return state.customStatus == null ? { result } : { result, customStatus: JSON.stringify(state.customStatus) };
}

function broken(name: string, message: string): Decision {
  return { result: failed(orchestrationFailure(name, message, '')) };
}

function documentOf({ instance, past, fresh }: Episode): string {
  const { instanceId, input } = instance;
  return orchestrationDocument({
    instanceId,
    parentInstanceId: instance.parent?.instanceId ?? null,
    input,
    past,
    fresh,
  });
}

function commit(parts: EngineParts, episode: Episode, { result, customStatus }: Decision): void {
  const { store, now } = parts;
  const { instanceId, executionId } = episode.instance;
  const current = store.instances.find(instanceId);
  if (current?.executionId !== executionId) return;
  store.messages.removeThrough(instanceId, episode.through);
  const instance = { ...current, customStatus: customStatus ?? current.customStatus };
  if (result.end) {
    endGeneration(parts, { ...episode, instance }, result.end);
    return;
  }
  const recorded = result.scheduled.map((task) => schedule(parts, instance, task));
  const completed = { EventType: eventType.OrchestratorCompleted, EventId: -1, Timestamp: timestamp(now()) };
  store.history.append(instanceId, executionId, [...episode.fresh, ...recorded, completed]);
  store.instances.update({ ...instance, status: result.suspended ? 'Suspended' : 'Running', updatedAt: now() });
}
