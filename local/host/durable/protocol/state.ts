import type { InvocationOutcome, TypedData } from '../../contract.ts';
import { type OrchestratorState, orchestratorStateSchema } from './actions.ts';

/** Label before the state document inside a failed orchestrator's message (durable-functions, `OrchestrationFailureError`). */
const outOfProcessLabel = '$OutOfProcData$:';

/** What came of asking an orchestrator function: its state, a failure without one, or nothing because its worker died. */
export type OrchestratorAnswer =
  | { readonly kind: 'state'; readonly state: OrchestratorState; readonly stack: string }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'unanswered' };

/** Reads an orchestrator's state from its return value or from the message that it failed with; never throws. */
export function readAnswer(outcome: InvocationOutcome): OrchestratorAnswer {
  if (outcome.kind === 'worker-died') return { kind: 'unanswered' };
  if (outcome.kind === 'completed') return readState(jsonText(outcome.returnValue), '');
  const { message, stack } = outcome.error;
  const at = message.indexOf(outOfProcessLabel);
  if (at < 0) return { kind: 'broken', message };
  return readState(message.slice(at + outOfProcessLabel.length), stack ?? '');
}

function readState(text: string, stack: string): OrchestratorAnswer {
  const document = parseJson(text);
  const parsed = orchestratorStateSchema.safeParse(document);
  if (parsed.success) return { kind: 'state', state: parsed.data, stack };
  return {
    kind: 'broken',
    message: `Out of proc orchestrators must return a valid JSON schema: ${parsed.error.message}`,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON text of a returned value; `null` when there is none. */
export function jsonText(data: TypedData | undefined): string {
  if (data === undefined) return 'null';
  if ('json' in data) return data.json;
  if ('string' in data) return JSON.stringify(data.string);
  if ('int' in data) return JSON.stringify(data.int);
  if ('double' in data) return JSON.stringify(data.double);
  if ('bytesBase64' in data) return JSON.stringify(data.bytesBase64);
  return JSON.stringify(data.http);
}
