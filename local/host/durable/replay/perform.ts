import { type Action, actionType, type OrchestrationCall } from '../protocol/actions.ts';
import type { ReplayContext } from './context.ts';
import { all, any, Future } from './future.ts';

/** An action that the local host refuses; the orchestration fails with this message. */
export class UnsupportedActionError extends Error {
  override readonly name = 'UnsupportedActionError';
}

/** Which functions exist; names are compared as the host does, without regard to case. */
export interface KnownFunctions {
  hasActivity(name: string): boolean;
  hasOrchestrator(name: string): boolean;
}

/** Calls the API behind one action; compound ones call all of theirs anew, also those that were called before. */
export function perform(action: Action, context: ReplayContext, known: KnownFunctions): Future {
  switch (action.actionType) {
    case actionType.CallActivity:
    case actionType.CallActivityWithRetry: {
      if (!known.hasActivity(action.functionName)) throw missing(action.functionName, 'activity');
      const task = { kind: 'activity', name: action.functionName, input: unpackInput(action.input) } as const;
      const call = (): Future => context.schedule(task).future;
      return action.actionType === actionType.CallActivity ? call() : context.retrying(action.retryOptions, call);
    }
    case actionType.CallSubOrchestrator:
    case actionType.CallSubOrchestratorWithRetry: {
      if (!known.hasOrchestrator(action.functionName)) throw missing(action.functionName, 'orchestrator');
      const call = (): Future => context.schedule(childOf(action)).future;
      return action.actionType === actionType.CallSubOrchestrator
        ? call()
        : context.retrying(action.retryOptions, call);
    }
    case actionType.CreateTimer:
      return context.longTimer(Date.parse(action.fireAt), action.isCanceled);
    case actionType.WaitForExternalEvent:
      return context.waitFor(action.externalEventName);
    case actionType.WhenAll:
      return all(action.compoundActions.map((inner) => perform(inner, context, known)));
    case actionType.WhenAny:
      return any(action.compoundActions.map((inner) => perform(inner, context, known)));
    case actionType.ContinueAsNew: {
      context.continueAsNew = { input: unpackInput(action.input) };
      const done = new Future();
      done.settle(true);
      return done;
    }
    default:
      throw new UnsupportedActionError(
        `${unsupportedName(action.actionType)} is not supported locally: the local host runs neither entities nor durable HTTP.`,
      );
  }
}

function childOf(action: OrchestrationCall) {
  return {
    kind: 'orchestration',
    name: action.functionName,
    input: jsonOrNull(action.input),
    instanceId: action.instanceId ?? null,
    version: action.version ?? null,
  } as const;
}

function missing(name: string, kind: 'activity' | 'orchestrator'): UnsupportedActionError {
  return new UnsupportedActionError(
    `The function '${name}' doesn't exist, is disabled, or is not an ${kind} function.`,
  );
}

function unsupportedName(type: number): string {
  return Object.entries(actionType).find(([, number]) => number === type)?.[0] ?? `Action ${type}`;
}

/** JSON text of an input. The library writes a string as JSON text already (`Utils.processInput`); that is undone here. */
function unpackInput(input: unknown): string | null {
  if (typeof input !== 'string') return jsonOrNull(input);
  try {
    JSON.parse(input);
    return input;
  } catch {
    return JSON.stringify(input);
  }
}

function jsonOrNull(input: unknown): string | null {
  return input === undefined ? null : JSON.stringify(input);
}
